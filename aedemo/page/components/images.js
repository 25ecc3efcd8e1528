// Little images in a wrap-around grid; which ones, and their captions, may change with a slider. Where they set a
// choice, each is a button.
aedemo.part("images", class {
  constructor(element, tabView) {
    Object.assign(this, { element, tabView, cells: [], picks: element.dataset.picks });
    if (this.picks) element.addEventListener("click", ({ target }) => this.choose(target.closest("button")?.value));
  }

  choose(value) {
    if (!value || aedemo.isLocked("choice") || aedemo.isLocked(this.picks)) return;
    this.chosen = value;
    this.press();
    this.tabView.choices.set(this.picks, value);
    aedemo.link.write();
    this.tabView.askIfStale();
  }

  press() {
    for (const { canvas } of this.cells) canvas.parentElement.setAttribute("aria-pressed", canvas.parentElement.value === this.chosen);
  }

  prepare(data) {
    return aedemo.sprite(data);
  }

  fill(data, sprite) {
    this.sprite = sprite;
    for (const cell of this.cells) cell.drawn = null;
    if (!this.picks) return;
    this.chosen = data.chosen;
    const wanted = this.tabView.linked.get(this.picks); // of a link, which may name what is not here
    if (wanted && wanted !== data.chosen) aedemo.link.ignore(this.picks, wanted);
  }

  cell(i) {
    if (!this.cells[i]) {
      const figure = document.createElement("figure");
      const canvas = document.createElement("canvas");
      const caption = document.createElement("figcaption");
      const button = this.picks && Object.assign(document.createElement("button"), { type: "button" });
      button && button.append(canvas);
      figure.append(button || canvas, caption);
      this.element.append(figure);
      this.cells[i] = { figure, canvas, caption, drawn: null };
    }
    return this.cells[i];
  }

  frame(frame) {
    if (!this.sprite) return;
    const shown = aedemo.TabView.at(this.sprite.shown, frame) ?? [];
    shown.forEach(([tile, text], i) => {
      const cell = this.cell(i);
      cell.figure.hidden = false;
      if (cell.drawn !== tile) aedemo.draw(cell.canvas, this.sprite, tile);
      cell.drawn = tile;
      if (cell.caption.textContent !== text) cell.caption.textContent = text;
      if (this.picks) this.label(cell, aedemo.TabView.at(this.sprite.values, frame)[i], text);
    });
    if (this.picks) this.press();
    for (const cell of this.cells.slice(shown.length)) cell.figure.hidden = true;
  }

  label({ canvas }, value, text) {
    canvas.parentElement.value = value;
    canvas.parentElement.setAttribute("aria-label", `${this.picks} ${value.split(":").at(-1)}, ${text}`);
  }
});
