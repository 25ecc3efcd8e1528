// Links: the whole state of the page as `key=value`, from the typed list of state.py. It stands behind the #: before it,
// Gradio would send it with every request, and the clip paths of Plotly's figures, which name the page's address, would
// point to another page.
(() => {
  const entries = new Map(aedemoSettings.state.map((entry) => [entry.key, entry]));
  const pending = new Map(); // what a link says and no control has taken yet: tabs come to life when they are first seen
  const { renamed } = aedemoSettings; // the names of earlier versions, and of now
  const ignored = [];
  const numbers = (text) => parseFloat(text.replace("−", "-"));
  const unescaped = (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes; // no UTF-8: as it stands
    }
  };
  // A word as one of the list, or of names that only the data set knows, has it: these have no capitals.
  const as = (word, list) => {
    const all = [...list];
    if (!all.length) return word.toLowerCase();
    return all.find((one) => one === word) ?? all.find((one) => one.toLowerCase() === word.toLowerCase()) ?? word;
  };
  // A user's image has no name that others could open.
  const named = () => (aedemo.state.image.startsWith("gallery:") ? aedemo.state.image.slice("gallery:".length) : "");
  let timer;
  let entry; // the tab and the data set of the browser's history entry

  const link = (aedemo.link = {
    entries,

    // The value for one key, once; undefined where nothing was.
    consume(key) {
      const value = pending.get(key);
      pending.delete(key);
      return value;
    },

    // Mail programs and chats alter links: escaped once or twice, & written as &amp;, a bracket, a full stop or a blank
    // around it, capitals. Text -> what was meant, as [key, value] pairs; of what nobody knows, as it stands.
    clean(text) {
      let plain = text.replaceAll("+", " ");
      for (let turn = 0; turn < 3; turn += 1) plain = plain.replace(/(%[0-9a-f]{2})+/gi, unescaped);
      plain = plain.replace(/&(amp;|#38;|#x26;)+/gi, "&").replace(/&(gt|lt|quot|apos|nbsp|#\d+);/gi, " ").replace(/[\u00ad\u200b-\u200f\u2060\ufeff\r\n\t]/g, "");
      if (!/=(?!3D)/i.test(plain)) plain = plain.replace(/=3D/gi, "="); // as mail writes it in "quoted-printable"
      plain = plain.replace(/^[\s#?&/"'“”‘’«»<([{*`]+|[\s.,…;:!?&"'“”‘’«»>)\]}*`]+$/g, "");
      const pairs = plain.split("&").map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1 || pair.length)]);
      return pairs.filter(([key]) => key.trim()).map(([key, value]) => {
        const known = as(renamed.keys[key.trim().toLowerCase()] ?? key.trim(), entries.keys());
        const entry = entries.get(known);
        if (!entry) return [known, value.trim()];
        const parts = entry.kind === "list" ? value.split(",") : [value];
        return [known, parts.map((part) => as(renamed.values[part.trim().toLowerCase()] ?? part.trim(), entry.values)).filter(Boolean).join()];
      });
    },

    ignore(key, value) {
      const words = `${key} = ${value}`;
      if (!ignored.includes(words)) ignored.push(words);
      setTimeout(link.say); // after the image has been shown, which takes away the message before
    },

    say() {
      if (ignored.length) aedemo.sidebar?.showMessage(`Not here, so this part of the link was left out: ${ignored.join("; ")}.`);
    },

    // "75 %" is written 75, and read as the label of that number.
    place: (label) => (Number.isNaN(numbers(label)) ? label : String(numbers(label))),
    frame: (labels, value) => labels.findIndex((label) => label === value || numbers(label) === Number(value)),

    // What the page shows, as far as it differs from how it begins.
    values() {
      const { data, seed } = aedemo.state;
      const page = { tab: aedemo.active, data, image: named(), seed: String(seed), ...aedemo.view };
      const control = ({ key, kind, tab }) => {
        const tabView = aedemo.tabViews.get(tab);
        if (!tabView) return pending.get(key);
        return kind === "choice" ? tabView.choices.get(key) : tabView.widgets.find(({ name }) => name === key)?.linkValue;
      };
      const all = [...entries.values()].map((entry) => [entry.key, entry.tab ? control(entry) : page[entry.key]]);
      return all.filter(([key, value]) => value && (key === "data" || value !== entries.get(key).start));
    },

    text(change = {}) {
      const values = { ...Object.fromEntries(link.values()), ...change };
      return new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();
    },

    // What the program behind the tab that is seen has to know.
    view() {
      const { data, seed } = aedemo.state;
      const tabView = aedemo.tabViews.get(aedemo.active);
      const shown = ({ key, kind }) => (kind === "choice" ? tabView.choices.get(key) : tabView.widgets.find(({ name }) => name === key).shown);
      const controls = [...entries.values()].filter(({ tab, kind }) => tab === aedemo.active && !["unit", "replay", "plane"].includes(kind)).map((entry) => [entry.key, shown(entry) ?? ""]);
      const { image, square } = aedemo.sidebar.userImage;
      const sides = !named() && image?.frames?.[square(data)]; // the frame over a user's image, where a person moved it
      const frame = sides ? [["frame", sides.map((side) => side.toFixed(4)).join()]] : [];
      return new URLSearchParams([["tab", aedemo.active], ["data", data], ["image", named()], ["seed", seed], ...frame, ...controls]);
    },

    // Browsers limit how often an address may change, so a dragged slider writes when it rests. The first view is written
    // at once: whoever leaves it soon can come back.
    write() {
      clearTimeout(timer);
      if (entry === undefined && aedemo.sidebar?.wanted) return link.flush();
      timer = setTimeout(link.flush, 150);
    },

    // Another tab or data set is a new entry of the browser's history, which Back leaves; whatever else moves is none.
    flush() {
      clearTimeout(timer);
      const former = entry;
      entry = `${aedemo.active} ${aedemo.sidebar?.wanted}`;
      const write = former === undefined || former === entry ? "replaceState" : "pushState";
      history[write]({ ...history.state, aedemo: true }, "", `#${link.text()}`);
    },

    // The view of another history entry: what it does not mention stands where it begins.
    restore(text) {
      clearTimeout(timer);
      const wanted = link.read(text);
      for (const { key, kind, tab, start } of entries.values()) {
        const tabView = aedemo.tabViews.get(tab);
        if (!tabView) continue;
        if (kind === "slider") tabView.widgets.find(({ name }) => name === key).set(wanted.get(key));
        else tabView.set(key, wanted.get(key) ?? start);
        if (!wanted.has(key)) tabView.linked.delete(key);
      }
      const page = new Map([["seed", wanted.get("seed") ?? "0"]]);
      if (wanted.get("data") !== aedemo.sidebar.wanted || (wanted.get("image") ?? named()) !== named()) {
        for (const key of ["data", "image"]) if (wanted.has(key)) page.set(key, wanted.get(key));
      }
      aedemo.sidebar.open(page);
      aedemo.tab(wanted.get("tab") ?? entries.get("tab").start);
      entry = `${aedemo.active} ${aedemo.sidebar.wanted}`;
      aedemo.refresh();
    },

    // Values that exist, as a map; of the others it is said that they were ignored.
    read(text, strict) {
      const values = new Map();
      const pairs = link.clean(text);
      for (const [key, value] of pairs) {
        const entry = entries.get(key);
        const parts = entry?.kind === "list" ? value.split(",") : [value];
        const [there, others] = [true, false].map((known) => parts.filter((part) => known === Boolean(entry && (!entry.values.length || entry.values.includes(part)))));
        if (there.length) values.set(key, there.join());
        if (others.length && (entry || strict)) link.ignore(key, others.join());
      }
      // An image's name means another image, or none, in another data set.
      if (pairs.some(([key]) => key === "data") && !values.has("data")) values.delete("image");
      return values;
    },

    // Moves a page that runs: a step of the guided tour.
    open(text) {
      ignored.length = 0; // what was left out before
      const values = link.read(text, true);
      for (const [key, value] of values) {
        const { kind, tab } = entries.get(key);
        if (["slider", "choice", "unit", "replay", "plane"].includes(kind)) {
          const tabView = aedemo.tabViews.get(tab);
          if (tabView) tabView.set(key, value);
          else pending.set(key, value);
        }
      }
      aedemo.sidebar.open(values);
      if (values.has("tab")) aedemo.tab(values.get("tab"));
      aedemo.refresh();
    },
  });

  // Before the # was known, links stood behind the question mark, where Gradio's own words stand too.
  const hash = location.hash.slice(1);
  const values = link.read(hash || location.search, Boolean(hash));
  const step = values.has("step") && !values.has("tab") ? aedemoSettings.tour[values.get("step")].begin : "";
  for (const [key, value] of [...link.read(step, true), ...values]) pending.set(key, value);
  for (const key of ["step", "projector", "lock", "hide"]) aedemo.view[key] = link.consume(key) ?? "";
  aedemo.active = link.consume("tab") ?? entries.get("tab").start;

  if (aedemo.active !== entries.get("tab").start) aedemo.tab(aedemo.active);

  addEventListener("popstate", ({ state }) => state?.aedemo && link.restore(location.hash.slice(1)));
  // Another link put into the address bar of a page that runs.
  addEventListener("hashchange", () => history.state?.aedemo || location.reload());
})();
