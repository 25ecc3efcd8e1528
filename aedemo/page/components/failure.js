// What went wrong between this page and its server, by its name and with what to do; null where nothing did. Proxies and
// login pages answer in the server's place, and then not in JSON.
aedemo.failure = (status, type = "", waits = "") => {
  const again = "What is shown stays.";
  const pause = /^\d+$/.test(waits) ? `${waits} seconds` : "a minute";
  const login = `Open this page in another tab, log in there, and try again here. ${again}`;
  if (status === 0 && !navigator.onLine) return `This device has no network. Connect it, and try again. ${again}`;
  if (status === 0) return `The server could not be reached, or the connection broke off on the way. Try again. ${again}`;
  if (status === 413) return `A server on the way takes no file of this size. Make the image smaller, for instance 1,000 pixels wide, and try again. ${again}`;
  if (status === 401) return `This page asks for a login, or yours has ended. ${login}`;
  if (status === 403) return `The server does not allow this (403). Log in anew if the page has a login, or ask whoever runs it. ${again}`;
  if (status === 429) return `Too many requests came from here. Wait ${pause}, and try again. ${again}`;
  if ([502, 503, 504].includes(status)) return `The server is starting or busy (${status}). Try again in a minute. ${again}`;
  if (status >= 500) return `The server failed at this (${status}). Try again; if it fails again, tell whoever runs this page. ${again}`;
  if (status >= 400) return `The server does not know what was asked (${status}). Load this page again. ${again}`;
  if (aedemoSettings.edition ? /html/.test(type) : !/json|aedemo|javascript/.test(type)) return `Something else answered in the server's place, such as a login page. ${login}`;
  return null;
};
