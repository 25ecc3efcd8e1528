// The filmstrip: a frame of its sprite and the words of that frame. data-frame says which frame is shown.
aedemo.part("filmstrip", class {
  constructor(element, tabView) {
    Object.assign(this, { element, tabView });
    this.canvas = element.querySelector("canvas");
    this.image = element.querySelector(".ae-image");
    this.lines = [...element.querySelectorAll("[data-line]")];
    document.addEventListener("aedemo:theme", () => this.sprite?.limit && this.repaint());
  }

  // Error maps have other colours in the dark.
  repaint() {
    this.drawn = null;
    this.frame(+this.element.dataset.frame);
  }

  prepare(data) {
    return aedemo.sprite(data);
  }

  fill(data, sprite) {
    this.sprite = Object.assign(sprite, { big: sprite.big?.map(aedemo.unbroken), small: sprite.small?.map(aedemo.unbroken) });
    this.drawn = null;
    this.image.classList.toggle("ae-clear", Boolean(sprite.limit));
  }

  // A filmstrip that arrives after the rest: nothing else waits for it, and another image calls it off.
  async late(part, wanted) {
    this.request?.abort();
    this.element.hidden = !part;
    if (!part) return;
    this.element.classList.add("ae-late");
    const request = (this.request = new AbortController());
    try {
      await new Promise((done) => setTimeout(done, 600)); // whoever looks through the gallery does not wait for it
      if (request.signal.aborted) return;
      const found = (await aedemo.fetchView(this.tabView.name, wanted, part, request.signal)).filmstrips[this.name];
      const sprite = found && (await this.prepare(found));
      if (request.signal.aborted) return;
      this.element.classList.remove("ae-late");
      this.element.hidden = !found;
      if (found) this.fill(found, sprite), this.frame(this.tabView.frames.get(this.element.dataset.slider) ?? 0);
    } catch {
      if (!request.signal.aborted) this.element.hidden = true; // the server is gone: the page says so by itself
    }
  }

  // {sprite, cell, words} in place of the slider's frame, while a bar of the network is dragged; null puts it back.
  replace(instead) {
    this.instead = instead;
    this.repaint();
  }

  // A patch of the image, [top, left, height, width] in its pixels, gets a frame around it; null takes that away.
  outlinePatch(patch) {
    if (!patch) return this.around?.remove();
    const { width, height } = this.sprite ?? {};
    if (!width) return;
    this.around ??= Object.assign(document.createElement("div"), { className: "ae-around" });
    const share = (pixels, of) => `${(100 * pixels) / of}%`;
    Object.assign(this.around.style, { top: share(patch[0], height), left: share(patch[1], width), height: share(patch[2], height), width: share(patch[3], width) });
    if (!this.around.isConnected) this.image.append(this.around);
  }

  frame(frame) {
    this.element.dataset.frame = frame;
    if (!this.sprite) return;
    const { sprite, cell, words } = this.instead ?? { sprite: this.sprite, cell: Math.min(frame, this.sprite.frames - 1) };
    if (cell !== this.drawn) aedemo.draw(this.canvas, sprite, cell);
    this.drawn = cell;
    this.image.hidden = Boolean(this.sprite.missing?.includes(frame));
    const texts = this.lines.map((line) => {
      const text = words?.[line.dataset.line] ?? aedemo.TabView.at(this.sprite[line.dataset.line], frame) ?? "";
      if (line.textContent !== text) line.textContent = text;
      return text;
    });
    this.image.setAttribute("aria-label", [this.element.dataset.title, ...texts].filter(Boolean).join(", "));
  }
});
