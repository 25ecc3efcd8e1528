// The page: which image is chosen, which tab is seen, and who asks the server for what.
// One object, window.aedemo; the other files add their parts to it.
(() => {
  const tabViews = new Map(); // tab's name -> TabView
  const state = { data: "", image: "", seed: 0 }; // the image's identity; the server keeps none of it

  let opening = null; // the tab that a link opens, until it is open
  const tabButton = (name) => document.querySelector(`#ae-tabs [role=tab][data-tab-id="${name}"]`);

  const aedemo = (window.aedemo = {
    state,
    tabViews,
    widgets: {}, // kind of widget -> its class, see tab-view.js
    active: "", // the tab that is seen
    trouble: null, // what the last response says went wrong, see failure.js
    view: {}, // how the page is shown: step of the guided tour, projector, what is locked or hidden

    part(kind, type) {
      aedemo.widgets[kind] = type;
    },

    // Another image, data set or seed; the tab seen is asked for again, the others when they are seen.
    choose(change) {
      Object.assign(state, change);
      if (state.data) aedemo.link.write();
      aedemo.refresh();
    },

    // Ends when the tab that is seen shows what is chosen, or has said that it cannot.
    async settled() {
      const tabView = tabViews.get(aedemo.active);
      while (tabView?.element.dataset.state === "asking") {
        await new Promise((done) => tabView.element.addEventListener("aedemo:filled", done, { once: true }));
      }
    },

    // Gradio says which tab is seen.
    show(name) {
      if (opening && opening !== name) return; // Gradio speaks of its first tab once, while a link opens another
      aedemo.active = name;
      document.body.classList.toggle("ae-no-image", !aedemoSettings.views[name].of_image);
      // On a phone the row of tabs scrolls: the chosen one comes into sight, with the one before it.
      const tab = tabButton(name);
      aedemo.hideSeed();
      const row = tab?.closest(".tab-wrapper");
      if (row) row.scrollLeft += (tab.previousElementSibling ?? tab).getBoundingClientRect().left - row.getBoundingClientRect().left;
      if (state.data) aedemo.link.write();
      aedemo.refresh();
      requestAnimationFrame(() => document.dispatchEvent(new Event("aedemo:shown"))); // when Gradio has unhidden it
    },

    // A click, as soon as Gradio has drawn the tabs and listens.
    tab(name) {
      aedemo.active = opening = name;
      tabButton(name)?.click();
      if (tabButton(name)?.ariaSelected === "true") opening = null;
      else setTimeout(() => opening === name && aedemo.tab(name), 30);
    },

    // Where nothing is random, no seed is offered.
    hideSeed() {
      document.body.classList.toggle("ae-unseeded", !aedemoSettings.views[aedemo.active].seeded);
    },

    refresh() {
      const tabView = tabViews.get(aedemo.active);
      if (state.data && tabView) tabView.askIfStale();
    },

    // Gradio knows its root path, which a proxy may have set; every address must follow it.
    address(path) {
      return (window.gradio_config?.root ?? "").replace(/\/$/, "") + path;
    },

    // A number and its % on one line, as markup.py has it.
    unbroken: (words) => words.replace(/(\d) %/g, "$1\u00a0%"),

    css(name, element = document.body) {
      return getComputedStyle(element).getPropertyValue(name).trim();
    },
  });

  // Gradio draws the page in the browser: each piece comes to life as soon as its elements are there.
  const pieces = new Map([["ae-top", (element) => aedemo.mountTools(element)], ["ae-sidebar", (element) => (aedemo.hideSeed(), aedemo.mountSidebar(element))]]);
  for (const name of aedemoSettings.state.find(({ key }) => key === "tab").values) {
    pieces.set(`view-${name}`, (element) => {
      tabViews.set(name, new aedemo.TabView(name, element));
      aedemo.applyLocks();
      aedemo.refresh();
    });
  }
  const drawn = new MutationObserver(() => {
    for (const [id, mount] of pieces) {
      const element = document.getElementById(id);
      if (!element?.querySelector("[class^=ae-]")) continue;
      pieces.delete(id);
      mount(element);
    }
    if (!pieces.size) drawn.disconnect();
  });
  drawn.observe(document, { childList: true, subtree: true });

  // Gradio writes the browser's language there, and the words are English.
  const english = () => document.documentElement.lang === "en" || (document.documentElement.lang = "en");
  new MutationObserver(english).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  english();

  // Light and dark: Gradio sets the class from ?__theme= or the system; the button turns it, figures repaint. What the
  // button chose is remembered, and holds against the system, which Gradio asks while it draws the page.
  const THEME = "aedemo-theme";
  const asked = new URLSearchParams(location.search).has("__theme");
  const stored = (use) => {
    try {
      return use(localStorage);
    } catch {
      return null; // a browser that keeps nothing, as in the frame of another site
    }
  };
  const remember = () => {
    const theme = asked ? null : stored((storage) => storage.getItem(THEME));
    if (theme) document.body.classList.toggle("dark", theme === "dark");
  };
  const repaint = new MutationObserver(() => {
    if (pieces.size) remember();
    document.dispatchEvent(new Event("aedemo:theme"));
  });
  const whenReady = (run) => (document.body ? run() : addEventListener("DOMContentLoaded", run, { once: true }));
  whenReady(() => {
    remember();
    repaint.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-toggle]")) return;
    const theme = document.body.classList.toggle("dark") ? "dark" : "light";
    stored((storage) => storage.setItem(THEME, theme));
  });
})();
