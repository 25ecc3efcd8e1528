// The network diagram: of the network that the tab is about, or of the column that the pointer or the focus is on. It
// follows the sliders with what came with the payload, and its images are those of the filmstrips. A dragged bar asks
// for the traversal of its unit, once; then each step of it is here.
aedemo.part("network", class {
  constructor(element, tabView) {
    Object.assign(this, { element, tabView, diagrams: [], moved: null, traversal: null });
    this.wanted = aedemo.link.consume(element.dataset.name);
    this.title = Object.assign(document.createElement("p"), { className: "ae-network-title" });
    this.heading = this.title.appendChild(document.createElement("b"));
    this.note = this.title.appendChild(document.createElement("span"));
    this.note.ariaLive = "polite";
    this.row = Object.assign(document.createElement("div"), { className: "ae-network-row" });
    element.append(this.title, this.row);
    this.bars = new aedemo.Bars((bar, step) => this.drag(bar, step));
    document.addEventListener("aedemo:moved", () => tabView.name === aedemo.active && this.show());
    this.large = new aedemo.NetworkImages(this);
    for (const event of ["pointerover", "focusin"]) tabView.element.addEventListener(event, ({ target }) => this.follow(target));
    aedemo.whenSeen(element, () => this.show());
  }

  // --- what is shown -------------------------------------------------------------------------------------------------
  async prepare(diagrams) {
    return Promise.all(diagrams.map(({ patch }) => patch && Promise.all(patch.map(aedemo.sprite))));
  }

  fill(diagrams, patches) {
    const before = this.diagram?.variant;
    this.diagrams = diagrams.map((diagram, i) => ({ ...diagram, patch: patches[i] }));
    this.diagram = this.diagrams.find(({ variant }) => variant === before) ?? this.diagrams[0];
    this.still = "edition" in aedemoSettings; // a static edition has no traversals
    this.element.hidden = !this.diagram;
  }

  frame() {
    this.restore();
    this.show();
  }

  // The column that the pointer or the focus is on.
  follow(target) {
    const place = target.closest?.("[data-variant], [data-name]")?.dataset;
    const found = place && this.diagrams.find(({ variant }) => place.variant === variant || place.name === variant || place.name?.endsWith(`-${variant}`));
    if (!found || found === this.diagram) return;
    this.diagram = found;
    this.show();
  }

  get position() {
    return this.tabView.frames.get(this.diagram.slider) ?? 0;
  }

  // The frame that a diagram's slider stands at.
  at({ frames, slider }) {
    return aedemo.TabView.at(frames, this.tabView.frames.get(slider) ?? 0);
  }

  get shown() {
    return this.at(this.diagram);
  }

  show() {
    this.large.show();
    if (!this.diagram) return;
    const { diagram, position, shown: frame } = this;
    const moved = this.isMoved(diagram) ? this.moved : null;
    const largest = Math.max(...frame.layers.map(([, size]) => size));
    const view = { diagram, frame, position, largest, moved, still: this.still, image: (role) => this.image(role), words: (role) => this.words(role) };
    this.build(view);
    for (const stage of this.stages) stage.update(view);
    this.wedges.forEach(({ wedge, left, right }) => wedge.update(left.right, right.left));
    this.heading.textContent = aedemo.unbroken(frame.title);
    const bar = moved && frame.bars.find(([unit]) => unit === moved.unit);
    const movable = !this.still && frame.bars?.some((one) => one.length > 2);
    this.note.textContent = bar ? `${aedemo.unitWords(moved.unit, aedemo.unitValue(bar, moved.step))} · double-click: back` : movable ? "Drag a bar." : "";
    this.element.ariaLabel = `Network. ${frame.words}`;
    this.fit();
  }

  // Captions that would touch are left out, step by step, and then the images shrink (network.css); looked at again for
  // other words or another width.
  fit() {
    const seen = `${this.shape} ${this.element.clientWidth} ${this.row.textContent.length}`;
    if (seen === this.fitted || !this.element.clientWidth) return;
    this.fitted = seen;
    for (let step = 0; step <= 7; step += 1) {
      this.element.dataset.fit = step;
      if (!this.crowded()) break;
    }
    const caption = this.bars.node.closest("figure")?.lastChild.getBoundingClientRect();
    if (caption) this.bars.fit(caption.height ? caption.top : Infinity);
  }

  crowded() {
    const { left, right } = this.element.getBoundingClientRect();
    const captions = this.stages.map(({ node }) => node.lastChild.getBoundingClientRect()).filter(({ width }) => width);
    const [first, last] = [this.stages[0], this.stages.at(-1)].map(({ node }) => node.getBoundingClientRect());
    const touching = captions.some((box, i) => i && box.left < captions[i - 1].right + 2);
    return touching || Math.min(first.left, captions[0]?.left ?? left) < left - 1 || Math.max(last.right, captions.at(-1)?.right ?? right) > right + 1;
  }

  // The stages are made anew where there are others; else they change their numbers.
  build(view) {
    const shape = JSON.stringify([view.diagram.variant, view.diagram.target, view.frame.layers.map(([kind]) => kind), view.frame.discarded]);
    if (shape === this.shape) return;
    this.shape = shape;
    this.stages = aedemo.networkStages(view, this.bars);
    this.wedges = [];
    this.row.replaceChildren(...this.stages.flatMap((right, i) => {
      const left = this.stages[i - 1];
      if (!left || left.apart || right.apart) return [right.node];
      const wedge = aedemo.networkWedge();
      this.wedges.push({ wedge, left, right });
      return [wedge.node, right.node];
    }));
    this.element.style.setProperty("--tint", `var(--v-${view.diagram.tint})`);
    this.element.dataset.stages = this.stages.length;
  }

  part(name) {
    return this.tabView.widgets?.find((part) => part.slot === "filmstrips" && part.name === name);
  }

  filmstrip(name) {
    return this.part(name)?.sprite;
  }

  // [sprite, frame] of one of the images; the clean one is the noisy one without noise, where only that is here.
  image(role) {
    const { diagram, position } = this;
    if (role === "output" && this.decoded) return [this.traversal.sprite, this.moved.step];
    const sprite = diagram.patch ? diagram.patch[role === "output" ? 1 : 0] : this.filmstrip(diagram[role]);
    return sprite && [sprite, role === "target" && diagram.patch ? 0 : Math.min(position, sprite.frames - 1)];
  }

  // The decibels of what is reconstructed; those of a filmstrip are of the whole photograph, not of a patch.
  words(role) {
    if (role !== "output") return "";
    if (this.decoded) return this.traversal.sprite.big[this.moved.step];
    const sprite = !this.diagram.patch && this.filmstrip(this.diagram.output);
    return sprite ? aedemo.TabView.at(sprite.big, this.position) ?? "" : "";
  }

  // --- a bar is dragged ----------------------------------------------------------------------------------------------
  isMoved(diagram) {
    const { data, image } = aedemo.state;
    const { moved } = this;
    return moved && moved.variant === diagram.variant && moved.run === this.at(diagram).run && moved.of === `${data}${image}${diagram.point}`;
  }

  // Whether the traversal of what was dragged is here.
  get decoded() {
    return this.traversal?.sprite && this.traversal.of === this.moved?.key && this.isMoved(this.diagram);
  }

  drag(bar, step) {
    const { variant, point } = this.diagram;
    const { run } = this.shown;
    const { data, image } = aedemo.state;
    const [unit, , , , own] = bar;
    const key = JSON.stringify([data, image, variant, run, unit, point]);
    this.moved = step === own ? null : { key, variant, run, unit, step, value: aedemo.unitValue(bar, step), of: `${data}${image}${point}` };
    if (this.moved && this.traversal?.of !== key) this.ask(key, { variant, run, unit: String(unit), point });
    this.show();
    aedemo.link.write();
  }

  async ask(key, choices) {
    this.request?.abort();
    const request = (this.request = new AbortController());
    this.traversal = { of: key };
    const { data, image: image } = aedemo.state;
    try {
      const { filmstrips, message } = await aedemo.fetchView("traversal", { data, image, seed: 0, choices }, undefined, request.signal);
      if (message) throw new Error(message);
      const sprite = await aedemo.sprite(filmstrips.traversal);
      if (this.traversal.of === key) this.traversal.sprite = sprite;
    } catch (error) {
      if (request.signal.aborted) return;
      console.warn(error); // without its traversal a bar is only shown
      Object.assign(this, { moved: null, traversal: null, still: true });
    }
    this.show();
  }

  // --- the link: deep-5--1.25, the fifth unit of the deep code at −1.25 -------------------------------------------------
  get linkValue() {
    if (this.wanted !== undefined) return this.wanted;
    return this.diagram && this.isMoved(this.diagram) ? `${this.moved.variant}-${this.moved.unit + 1}-${Number(this.moved.value.toPrecision(3))}` : undefined;
  }

  set(value) {
    this.wanted = value;
    if (this.diagram) this.frame();
  }

  restore() {
    const { wanted } = this;
    if (wanted === undefined || !this.diagram) return;
    this.wanted = undefined;
    const [, variant, unit, value] = /^([a-z_]+)-(\d+)-(-?[\d.]+)$/.exec(wanted) ?? [];
    const found = this.diagrams.find((one) => one.variant === variant);
    if (found) this.diagram = found;
    const bar = found && this.shown.bars?.find((one) => one[0] === unit - 1 && one.length > 2);
    if (!bar) return aedemo.link.ignore(this.element.dataset.name, wanted);
    const far = Array.from({ length: 21 }, (_, step) => Math.abs(aedemo.unitValue(bar, step) - value));
    this.drag(bar, far.indexOf(Math.min(...far)));
  }
});
