// The filmstrip: a frame of its sprite and the words of that frame. data-frame says which frame is shown.
aedemo.part("filmstrip", class {
  constructor(element) {
    this.element = element;
    this.canvas = element.querySelector("canvas");
    this.picture = element.querySelector(".ae-picture");
    this.lines = [...element.querySelectorAll("[data-line]")];
  }

  prepare(data) {
    return aedemo.sprite(data);
  }

  fill(data, sprite) {
    this.sprite = sprite;
    this.drawn = null;
  }

  frame(frame) {
    if (!this.sprite) return;
    const cell = Math.min(frame, this.sprite.frames - 1);
    if (cell !== this.drawn) aedemo.draw(this.canvas, this.sprite, cell);
    this.drawn = cell;
    this.element.dataset.frame = frame;
    const said = this.lines.map((line) => {
      const text = aedemo.Scene.at(this.sprite[line.dataset.line], frame) ?? "";
      if (line.textContent !== text) line.textContent = text;
      return text;
    });
    this.picture.setAttribute("aria-label", [this.element.dataset.title, ...said].filter(Boolean).join(", "));
  }
});
