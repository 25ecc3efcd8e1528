// Little images in a wrap-around grid; which ones, and their captions, may change with a slider.
aedemo.part("images", class {
  constructor(element) {
    Object.assign(this, { element, cells: [] });
  }

  prepare(data) {
    return aedemo.sprite(data);
  }

  fill(data, sprite) {
    this.sprite = sprite;
    for (const cell of this.cells) cell.drawn = null;
  }

  cell(i) {
    if (!this.cells[i]) {
      const figure = document.createElement("figure");
      const canvas = document.createElement("canvas");
      const caption = document.createElement("figcaption");
      figure.append(canvas, caption);
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
    });
    for (const cell of this.cells.slice(shown.length)) cell.figure.hidden = true;
  }
});
