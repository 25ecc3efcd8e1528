// The slider: moves its tabView's frames in the browser. Its place survives a new image.
aedemo.part("slider", class {
  constructor(element, tabView) {
    Object.assign(this, { element, tabView, labels: [] });
    this.input = element.querySelector("input");
    this.output = element.querySelector("output");
    this.wanted = aedemo.link.consume(element.dataset.name);
    this.stops = element.querySelector(".ae-stops");
    this.input.addEventListener("input", () => this.show(+this.input.value));
    this.invitation = element.querySelector(".ae-invitation");
    // It goes at once, and its room when the hand lets go, so that nothing jumps while dragging.
    this.input.addEventListener("input", () => (this.invitation.style.visibility = "hidden"));
    this.input.addEventListener("change", () => (this.followed = this.invitation.hidden = true));
  }

  fill({ labels, start, invitation, fresh }) {
    this.invitation.lastChild.textContent = invitation;
    this.invitation.hidden = !invitation || this.followed || this.wanted !== undefined;
    // One stop alone, as of a mask made by hand, is no place to remember.
    if (this.labels.length > 1) this.place = fresh ? undefined : this.labels[+this.input.value];
    const frame = this.frameIn(labels, start);
    Object.assign(this, { labels, start });
    this.input.max = Math.max(0, labels.length - 1);
    this.input.value = frame;
    this.input.disabled = labels.length < 2;
    const stops = this.element.dataset.kind === "trained" ? labels.length : 0;
    this.stops.replaceChildren(...Array.from({ length: stops }, () => document.createElement("i")));
    // The widest label keeps its room, so that the track does not jump while dragging.
    this.output.style.minWidth = `${Math.max(4.5, ...labels.map((label) => label.length + 0.5))}ch`;
    this.show(frame);
  }

  // Where it stands among new labels: where a link wants it, else at the label where it stood.
  frameIn(labels, start) {
    if (this.wanted !== undefined && labels.length > 1) {
      const { wanted } = this;
      this.wanted = undefined;
      const frame = aedemo.link.frame(labels, wanted);
      if (frame >= 0) return frame;
      aedemo.link.ignore(this.element.dataset.name, wanted);
    }
    if (this.place === undefined) return start;
    const same = labels.indexOf(this.place);
    return same >= 0 ? same : Math.min(+this.input.value, labels.length - 1);
  }

  // As a link says it: now, or as soon as there is such a place; by itself where it begins.
  set(value = this.labels[this.start]) {
    const frame = aedemo.link.frame(this.labels, value);
    if (frame < 0 || this.labels.length < 2) return (this.wanted = value);
    this.input.value = frame;
    this.show(frame);
  }

  // What a link says of it: nothing where it begins.
  get linkValue() {
    if (this.wanted !== undefined) return this.wanted;
    const label = this.labels.length > 1 ? this.labels[+this.input.value] : this.place;
    return label === undefined || label === this.labels[this.start] ? undefined : aedemo.link.place(label);
  }

  get shown() {
    return this.labels[+this.input.value] ?? "";
  }

  show(frame) {
    const label = this.labels[frame] ?? "";
    this.element.style.setProperty("--fill", frame / Math.max(1, this.labels.length - 1));
    this.output.textContent = label;
    this.input.setAttribute("aria-valuetext", label);
    this.tabView.move(this.element.dataset.name, frame);
  }
});
