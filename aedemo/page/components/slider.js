// The slider: moves its scene's frames in the browser. Its place survives a new picture.
aedemo.part("slider", class {
  constructor(element, scene) {
    Object.assign(this, { element, scene, labels: [] });
    this.input = element.querySelector("input");
    this.output = element.querySelector("output");
    this.stops = element.querySelector(".ae-stops");
    this.input.addEventListener("input", () => this.show(+this.input.value));
  }

  fill({ labels, start }) {
    // One stop alone, as of a mask made by hand, is no place to remember.
    if (this.labels.length > 1) this.place = this.labels[+this.input.value];
    const before = this.place;
    const same = labels.indexOf(before);
    const frame = before === undefined ? start : same >= 0 ? same : Math.min(+this.input.value, labels.length - 1);
    this.labels = labels;
    this.input.max = Math.max(0, labels.length - 1);
    this.input.value = frame;
    this.input.disabled = labels.length < 2;
    const stops = this.element.dataset.kind === "trained" ? labels.length : 0;
    this.stops.replaceChildren(...Array.from({ length: stops }, () => document.createElement("i")));
    // The widest label keeps its room, so that the track does not jump while dragging.
    this.output.style.minWidth = `${Math.max(4.5, ...labels.map((label) => label.length + 0.5))}ch`;
    this.show(frame);
  }

  show(frame) {
    const label = this.labels[frame] ?? "";
    this.element.style.setProperty("--fill", frame / Math.max(1, this.labels.length - 1));
    this.output.textContent = label;
    this.input.setAttribute("aria-valuetext", label);
    this.scene.move(this.element.dataset.name, frame);
  }
});
