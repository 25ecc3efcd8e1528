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
    trouble: null, // what the last answer says went wrong, see failure.js
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
      // On a phone the row of tabs scrolls: the chosen one comes into sight, with the one before it.
      const tab = tabButton(name);
      const filmstrip = tab?.closest(".tab-wrapper");
      if (filmstrip) filmstrip.scrollLeft += (tab.previousElementSibling ?? tab).getBoundingClientRect().left - filmstrip.getBoundingClientRect().left;
      if (state.data) aedemo.link.write();
      aedemo.refresh();
    },

    // A click, as soon as Gradio has drawn the tabs and listens.
    tab(name) {
      aedemo.active = opening = name;
      tabButton(name)?.click();
      if (tabButton(name)?.ariaSelected === "true") opening = null;
      else setTimeout(() => opening === name && aedemo.tab(name), 30);
    },

    refresh() {
      const tabView = tabViews.get(aedemo.active);
      if (state.data && tabView) tabView.askIfStale();
    },

    // Gradio knows its root path, which a proxy may have set; every address must follow it.
    address(path) {
      return (window.gradio_config?.root ?? "").replace(/\/$/, "") + path;
    },

    css(name, element = document.body) {
      return getComputedStyle(element).getPropertyValue(name).trim();
    },
  });

  // Gradio draws the page in the browser: each piece comes to life as soon as its elements are there.
  const pieces = new Map([["ae-top", (element) => aedemo.mountTools(element)], ["ae-sidebar", (element) => aedemo.mountSidebar(element)]]);
  for (const name of Object.keys(aedemoSettings.views)) {
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

  // Light and dark: Gradio sets the class from ?__theme= or the system; the button turns it, figures repaint.
  const repaint = new MutationObserver(() => document.dispatchEvent(new Event("aedemo:theme")));
  const whenReady = (run) => (document.body ? run() : addEventListener("DOMContentLoaded", run, { once: true }));
  whenReady(() => repaint.observe(document.body, { attributes: true, attributeFilter: ["class"] }));
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-theme-toggle]")) document.body.classList.toggle("dark");
  });
})();
