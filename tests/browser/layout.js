// What a person sees go wrong in a layout: texts and controls that lie over each other, that are cut off, or that stick
// out of the window. Ticks of figures and formulas are left out: Plotly and KaTeX place them by themselves.
window.layout = (() => {
  const APART = ".katex, .ae-unseen, canvas, [hidden]";
  const OF_FIGURES = ".xtitle, .ytitle, .legendtext, .cbtitle";
  const CONTROLS = "button, input:not([type=file]), .ae-segments label, a[href]";
  const NEAR = 2; // pixels that a glyph's box may reach into another's

  const seen = (element) =>
    (!element.closest(".js-plotly-plot") || element.closest(OF_FIGURES)) && element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest(APART) && !element.closest("[popover]:not(:popover-open)");

  // The layer of an element: what is fixed or sticks lies over the rest on purpose.
  const layer = (element) => {
    for (let one = element; one; one = one.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(one).position)) return one;
    return null;
  };

  // The nearest ancestor that scrolls along an axis: what lies outside of it can be reached.
  const scrolls = (element, axis) => {
    for (let one = element; one && one !== document.body; one = one.parentElement) if (["auto", "scroll"].includes(getComputedStyle(one)[`overflow${axis}`])) return one;
    return null;
  };

  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.data.trim() || !seen(node.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) found.push({ box, element: node.parentElement, says: node.data.trim().slice(0, 30) });
    }
    return found;
  };

  const controls = () =>
    [...document.querySelectorAll(CONTROLS)].filter(seen).map((element) => ({ box: element.getBoundingClientRect(), element, says: `<${(element.innerText || element.id || element.name || element.tagName).trim().slice(0, 30)}>` }));

  // Cut by an ancestor that hides what overflows, or by the window.
  const cut = ({ box, element, says }) => {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(one);
      const edge = one.getBoundingClientRect();
      const hides = (overflow) => overflow === "hidden" || overflow === "clip";
      if (hides(overflowX) && (box.left < edge.left - NEAR || box.right > edge.right + NEAR)) return `${says} is cut off by ${one.className || one.id || one.tagName}`;
      if (hides(overflowY) && (box.top < edge.top - 4 || box.bottom > edge.bottom + 4)) return `${says} is cut off by ${one.className || one.id || one.tagName}`;
      if (position === "fixed" || ["auto", "scroll"].includes(overflowX)) return null;
    }
    if (!scrolls(element, "X") && (box.left < -NEAR || box.right > innerWidth + NEAR)) return `${says} sticks out of the window`;
    return null;
  };

  // What scrolls sideways besides what may: the row of tabs, what is in a card, the sidebar as one line and its thumbnails.
  const MAY_SCROLL = ".tab-wrapper, .ae-card .ae-rows.scroll, .ae-sidebar-inner, .ae-thumbs";
  const scrolling = () =>
    [...document.querySelectorAll("#ae-shell *")]
      .filter((element) => element.scrollWidth > element.clientWidth + NEAR && element.clientWidth && ["auto", "scroll"].includes(getComputedStyle(element).overflowX))
      .filter((element) => element.checkVisibility() && !element.matches(MAY_SCROLL) && !element.closest(APART))
      .map((element) => `${element.className || element.id || element.tagName} scrolls sideways`);

  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > NEAR && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  const family = (a, b) => a.contains(b) || b.contains(a) || (a.closest("label") && a.closest("label") === b.closest("label"));

  // What is left of a box when all that scrolls around it has taken its part.
  const visible = (item) => {
    const box = { left: item.box.left, right: item.box.right, top: item.box.top, bottom: item.box.bottom };
    for (const axis of ["X", "Y"]) {
      const edge = scrolls(item.element, axis)?.getBoundingClientRect();
      if (!edge) continue;
      Object.assign(box, { left: Math.max(box.left, edge.left), right: Math.min(box.right, edge.right), top: Math.max(box.top, edge.top), bottom: Math.min(box.bottom, edge.bottom) });
    }
    return { ...item, box, there: box.right - box.left > NEAR && box.bottom - box.top > NEAR };
  };

  return {
    faults() {
      const all = [...texts(), ...controls()];
      const items = all.map(visible).filter(({ there }) => there);
      const faults = [...all.map(cut).filter(Boolean), ...scrolling()];
      const layers = new Map(items.map((item) => [item, layer(item.element)]));
      items.sort((a, b) => a.box.top - b.box.top);
      for (let i = 0; i < items.length; i++) {
        for (let j = i + 1; j < items.length && items[j].box.top < items[i].box.bottom; j++) {
          const [a, b] = [items[i], items[j]];
          if (overlap(a.box, b.box) && !family(a.element, b.element) && layers.get(a) === layers.get(b)) faults.push(`${a.says} lies over ${b.says}`);
        }
      }
      if (document.documentElement.scrollWidth > innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${innerWidth}`);
      return [...new Set(faults)];
    },
  };
})();
