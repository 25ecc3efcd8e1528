// Views: what a tab shows of an image is a document with an address. One of the gallery's is asked for by GET and kept by
// the browser; a user's image travels with POST and is kept by nobody.
(() => {
  const { views, release } = aedemoSettings;
  const gallery = (image) => image === "" || image.startsWith("gallery:");

  // What changes nothing is not in an address: a seed where nothing is random, a choice as the tab begins.
  const query = (aedemo.viewQuery = (tab, { data, image, seed, choices }, part) => {
    const row = views[tab];
    const { choices: takes, of_image } = part ? row.parts.find(({ name }) => name === part) : { choices: Object.keys(row.choices), of_image: true };
    const pairs = [["data", data]];
    if (of_image) pairs.push(["image", gallery(image) ? image.slice("gallery:".length) : ""]);
    if (of_image && row.seeded && seed) pairs.push(["seed", seed]);
    if (part) pairs.push(["part", part]);
    for (const name of takes) if ((choices[name] ?? row.choices[name]) !== row.choices[name]) pairs.push([name, choices[name]]);
    return new URLSearchParams(pairs);
  });

  aedemo.viewKey = (tab, wanted) => `${query(tab, wanted)} ${gallery(wanted.image) ? "" : wanted.image}`;

  // The part of a tab that is enough, where only what it covers was changed since `shown`.
  aedemo.partOf = (tab, shown, wanted) => {
    if (!shown) return undefined;
    const part = views[tab].parts.find(({ covers }) => {
      const rest = ({ choices, ...identity }) => aedemo.viewKey(tab, { ...identity, choices: { ...choices, ...Object.fromEntries(covers.map((name) => [name, views[tab].choices[name]])) } });
      return covers.length && rest(shown) === rest(wanted);
    });
    return part?.name;
  };

  const unpack = (aedemo.unpack = (buffer) => {
    const end = 4 + new DataView(buffer).getUint32(0, true);
    const image = ([from, to, type]) => new Blob([buffer.slice(end + from, end + to)], { type });
    const text = new TextDecoder().decode(new Uint8Array(buffer, 4, end - 4));
    return JSON.parse(text, (key, value) => (key === "src" && Array.isArray(value) ? image(value) : value));
  });

  aedemo.fetchView = async (tab, wanted, part, signal) => {
    const asked = query(tab, wanted, part);
    const own = !gallery(wanted.image) && asked.has("image");
    if (!own) asked.set("v", release);
    const response = await aedemo.reach(aedemo.address(`/view/${tab}?${asked}`), { signal, ...(own && { method: "POST", body: wanted.image }) });
    if (response.status === 409) aedemo.renew();
    const sentence = response.status === 404 && response.headers.get("content-type")?.startsWith("text/plain") ? await response.text() : aedemo.trouble;
    if (sentence) throw Object.assign(new Error(`${response.status} of ${asked}`), { sentence });
    return unpack(await response.arrayBuffer());
  };

  // Another release stands behind this page: it is loaded anew with all that is chosen, which the address bar holds. A
  // user's image is nowhere but here, so its owner decides when.
  const PAUSE = 60000; // milliseconds between two reloads: else two releases behind one address would never end
  let noticed = false;
  aedemo.renew = () => {
    const reload = () => {
      aedemo.link.flush();
      location.reload();
    };
    if (!aedemo.sidebar.userImage.there && Date.now() - (sessionStorage.getItem("aedemo-renewed") ?? 0) > PAUSE) {
      sessionStorage.setItem("aedemo-renewed", Date.now());
      return reload();
    }
    if (noticed) return;
    noticed = true;
    const notice = document.createElement("p");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Reload", onclick: reload });
    notice.className = "ae-lost";
    notice.setAttribute("role", "alert");
    notice.append("This page was updated on the server. What is shown stays; reload to go on. ", button);
    document.body.append(notice);
  };
})();
