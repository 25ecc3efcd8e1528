// The classes of a tab's planes: a legend that hides, shows and singles them out in all planes at once, their colours,
// and whether planes are seen as points or as tiles.
(() => {
  const TWICE = 350; // milliseconds between two presses that are one double press, of a mouse, a finger or a key

  // --- colours ---------------------------------------------------------------------------------------------------------
  const channels = (color) => [1, 3, 5].map((k) => parseInt(color.slice(k, k + 2), 16));
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q);
    return (high + 0.05) / (low + 0.05);
  };
  const inLink = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-"); // a comma parts names
  const known = new Map(); // colour and ground -> outline

  // The outline of a colour that is too near to the ground (WCAG asks graphics for a contrast of 3): the colour moved
  // towards the ink until it is far enough. Null where none is needed.
  aedemo.outlined = (color) => {
    const key = `${color} ${document.body.classList.contains("dark")}`;
    if (!known.has(key)) {
      const [from, to, card] = [color, aedemo.css("--ae-ink"), aedemo.css("--ae-card")].map(channels);
      const mixed = (t) => from.map((value, k) => Math.round(value + t * (to[k] - value)));
      const shares = [0, 0.2, 0.4, 0.6, 0.8, 1];
      const share = shares.find((t) => contrast(mixed(t), card) >= 3) ?? 1;
      known.set(key, share ? `rgb(${mixed(share)})` : null);
    }
    return known.get(key);
  };

  aedemo.PlaneClasses = class {
    constructor(tabView) {
      Object.assign(this, { tabView, names: [], hidden: new Set(), tiled: false, last: {}, wanted: "" });
      document.addEventListener("aedemo:theme", () => this.mark());
    }

    get planes() {
      return this.tabView.widgets.filter((part) => part.slot === "planes" && part.data);
    }

    // The classes there are; what was hidden of another data set is forgotten.
    offer(names) {
      if (!names.length) return;
      if (names.join() !== this.names.join()) {
        this.names = names;
        this.hidden.clear();
      }
      if (this.wanted) this.restore();
    }

    // --- the link: deep-classes=3,5, the classes that are shown where some are not --------------------------------------
    get linkValue() {
      return this.wanted || (this.hidden.size ? this.names.filter((name) => !this.hidden.has(name)).map(inLink).join() : "");
    }

    // Now, or as soon as the data set that has these classes is here.
    set(value) {
      this.wanted = value;
      if (value && (!this.names.length || !this.found(value).length)) return;
      this.restore();
      this.change();
    }

    found(value) {
      return this.names.filter((name) => value.split(",").some((one) => inLink(one.trim()) === inLink(name)));
    }

    restore() {
      const shown = this.found(this.wanted);
      const unknown = this.wanted.split(",").filter((one) => one && !shown.some((name) => inLink(name) === inLink(one.trim())));
      if (unknown.length) aedemo.link.ignore(this.tabView.element.querySelector(".ae-legend").dataset.name, unknown.join());
      this.hidden = new Set(shown.length ? this.names.filter((name) => !shown.includes(name)) : []);
      this.wanted = "";
    }

    color({ groups, colors, point_colors }, index) {
      return point_colors ? point_colors[index] : colors[groups[index]];
    }

    press(name, now) {
      const twice = this.last.name === name && now - this.last.at < TWICE;
      this.last = twice ? {} : { name, at: now };
      const others = this.names.filter((one) => one !== name);
      if (twice) this.hidden = new Set(others);
      else this.hidden.delete(name) || this.hidden.add(name);
      if (this.hidden.size === this.names.length) this.hidden.clear(); // of nothing there is nothing to see
      this.change();
      aedemo.link.write();
    }

    change() {
      this.mark();
      for (const plane of this.planes) plane.inSpace ? plane.draw() : (plane.canvases.dots(), plane.canvases.marks());
      this.tabView.element.dispatchEvent(new Event("aedemo:classes"));
    }

    mark() {
      for (const button of this.tabView.element.querySelectorAll(".ae-legend button[data-class]")) {
        button.setAttribute("aria-pressed", !this.hidden.has(button.dataset.class));
        button.style.setProperty("--rim", aedemo.outlined(button.dataset.color) ?? "var(--ae-rim)");
      }
      for (const all of this.tabView.element.querySelectorAll(".ae-legend [data-all]")) all.hidden = !this.hidden.size;
    }

    // --- the legend of a plane ---------------------------------------------------------------------------------------
    legend(plane, note) {
      const element = this.tabView.element.querySelector(`[data-legend-of="${plane.name}"]`);
      if (!element) return;
      const { names, colors, point_colors, marks, mark_name, picked } = plane.data;
      const entry = (words, className) => Object.assign(document.createElement("span"), { textContent: words, className });
      const entries = note ? [Object.assign(document.createElement("p"), { textContent: note })] : [];
      if (names.length > 1 && !point_colors) {
        entries.push(...names.map((name, k) => this.button(name, colors[k])));
        const all = Object.assign(document.createElement("button"), { type: "button", textContent: "All", onclick: () => this.showAll() });
        all.dataset.all = "";
        entries.push(all);
      }
      if (marks.length) entries.push(this.back(plane, mark_name, marks.length > 1 && !plane.inSpace ? "mark many" : "mark"));
      if (picked !== null) entries.push(entry("chosen point", "picked"));
      if (plane.data.over) entries.length = 0;
      const focus = element.contains(document.activeElement) && document.activeElement.dataset.class;
      element.replaceChildren(...entries);
      element.querySelector(`[data-class="${CSS.escape(focus || "")}"]`)?.focus();
      this.mark();
    }

    button(name, color) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name, title: "Click: hide or show. Twice: this class alone" });
      Object.assign(button.dataset, { class: name, color });
      button.style.setProperty("--dot", color);
      button.onclick = ({ timeStamp }) => this.press(name, timeStamp);
      return button;
    }

    // This image: the cursor comes back to it, and what was chosen is given up.
    back(plane, textContent, className) {
      const home = () => (plane.data.picked === null ? this.planes.forEach((one) => one.home()) : plane.pick(""));
      return Object.assign(document.createElement("button"), { type: "button", title: "Back to this image", textContent, className, onclick: home });
    }

    showAll() {
      this.hidden.clear();
      this.change();
      aedemo.link.write();
    }

    // The points as Plotly draws them: in space, and in a file.
    traces({ data }, type, size) {
      const trace = (name, members, color) => {
        const [x, y, z] = data.points.map((column) => members.map((i) => column[i]));
        const rim = [color].flat().map((one) => aedemo.outlined(one) ?? aedemo.css("--ae-rim"));
        const marker = { size, color, opacity: 0.8, line: { width: 0.5, color: Array.isArray(color) ? rim : rim[0] } };
        return { type, mode: "markers", name, x, y, ...(z && { z }), customdata: members, marker, hoverinfo: z ? "none" : "skip" };
      };
      const all = data.groups.map((_, i) => i);
      if (data.point_colors) return [trace("", all, data.point_colors)];
      const shown = data.names.map((name, group) => [name, group]).filter(([name]) => !this.hidden.has(name));
      return shown.map(([name, group]) => trace(name, all.filter((i) => data.groups[i] === group), data.colors[group]));
    }
  };

  // The legend, where a link finds the classes.
  aedemo.part("plane-legend", class {
    constructor(element, tabView) {
      const classes = (tabView.classes ??= new aedemo.PlaneClasses(tabView));
      Object.assign(this, { element, classes });
      classes.wanted ||= aedemo.link.consume(element.dataset.name) ?? "";
      tabView.element.addEventListener("aedemo:filled", () => {
        if (classes.wanted && tabView.element.dataset.state === "ready") classes.restore(); // of planes without classes
      });
    }

    get linkValue() {
      return this.classes.linkValue;
    }

    set(value) {
      this.classes.set(value);
    }
  });

  // Points or tiles, a choice of the page alone.
  aedemo.part("plane-view", class {
    constructor(element, tabView) {
      const classes = (tabView.classes ??= new aedemo.PlaneClasses(tabView));
      Object.assign(this, { element, classes });
      element.addEventListener("change", ({ target }) => {
        classes.tiled = target.value === "tiles";
        classes.change();
        aedemo.link.write();
      });
      const wanted = aedemo.link.consume(element.dataset.name);
      if (wanted) this.choose(wanted);
      // Nothing to see as tiles where nothing is decoded in a plane.
      tabView.element.addEventListener("aedemo:filled", () => {
        element.hidden = !classes.planes.some(({ small, sprite, data }) => !small && sprite && !data.grid_at_points);
      });
    }

    get linkValue() {
      return this.classes.tiled ? "tiles" : "points";
    }

    set(value) {
      this.choose(value);
      this.classes.change();
    }

    choose(value) {
      for (const input of this.element.querySelectorAll("input")) input.checked = input.value === value;
      this.classes.tiled = value === "tiles";
    }
  });
})();
