// The latent plane: axes by Plotly, and thousands of points on a canvas, where they cost a hundredth of Plotly's time.
// The pointer, a finger or the arrow keys choose a place, and the image decoded there is copied from the grid's sprite.
// The other planes of the tab show the nearest test image at its own place. No request, but for a point that is clicked.
// A code of three numbers stands in space instead (plane-space.js).
const FLAT = "This browser has no WebGL to turn the map in space, so two of the code's three numbers are shown.";

aedemo.part("plane", class {
  constructor(element, tabView) {
    Object.assign(this, { element, tabView, near: null });
    this.plot = element.querySelector(".ae-plot");
    this.cross = element.querySelector(".ae-cross");
    this.label = element.parentElement.querySelector(".ae-nearest");
    this.box = tabView.element.querySelector(`[data-decoded-box="${element.dataset.decoded}"]`);
    this.classes = tabView.classes ??= new aedemo.PlaneClasses(tabView);
    this.canvases = new aedemo.PlaneCanvases(this);
    this.space = new aedemo.PlaneSpace(this);
    this.draw = aedemo.whenSeen(element, () => this.render());
    aedemo.planePointer(this);
    if (aedemo.onDemand && element.dataset.picks) element.parentElement.append(aedemo.onDemand(tabView.name, element.dataset.picks));
  }

  get small() {
    return this.element.classList.contains("small");
  }

  get inSpace() {
    return this.data?.points.length === 3 && aedemo.webgl();
  }

  // The axes that Plotly has drawn; none before, and none in space.
  get axes() {
    const { xaxis, yaxis } = (!this.inSpace && this.plot._fullLayout) || {};
    return xaxis && { xaxis, yaxis };
  }

  prepare(data) {
    if (data.grid && data.grid.src === this.sprite?.src) return this.sprite;
    return data.grid && aedemo.sprite(data.grid).catch(() => null); // lost on its way: the plane goes without
  }

  fill(data, sprite) {
    // The points are the data set's: a new image moves its marks alone, as often as somebody's pen moves.
    const { points, over, groups, names, point_colors, x_range, y_range, titles } = data;
    const pointsKey = JSON.stringify([points, over, groups, names, point_colors, x_range, y_range, titles]);
    const same = pointsKey === this.pointsKey && this.plot._fullLayout;
    Object.assign(this, { data, sprite, pointsKey, cell: null });
    this.classes.offer(point_colors ? [] : names);
    const wanted = this.tabView.linked.get(this.element.dataset.picks);
    if (wanted && data.picked === null) aedemo.link.ignore(this.element.dataset.picks, wanted);
    this.element.classList.toggle("ae-space", this.inSpace);
    this.element.hidden = this.small && !points[0].length;
    if (this.box) this.box.hidden = !sprite;
    this.element.ariaLabel = `${this.element.dataset.title}. ${this.help()}`;
    this.classes.legend(this, data.points.length === 3 && !this.inSpace ? FLAT : "");
    this.home();
    if (!same || this.inSpace) this.draw();
  }

  help() {
    const words = {
      "Drag to turn it.": this.inSpace,
      "Move the pointer, or use the arrow keys, to see where a test image lies in each plane.": this.small,
      "Move the pointer, or use the arrow keys, to decode another point.": !this.small && this.sprite,
      "Click, or press Enter, to choose the nearest test image.": this.picks,
    };
    return Object.keys(words).filter((one) => words[one]).join(" ");
  }

  // The choice that becomes the index of a point, where points can be chosen.
  get picks() {
    return this.data.picks && !aedemo.onDemand && this.element.dataset.picks;
  }

  point(index) {
    return this.data.points.map((column) => column[index]);
  }

  hides(index) {
    return !this.data.point_colors && this.classes.hidden.has(this.data.names[this.data.groups[index]]);
  }

  // --- one cursor for all planes of the tab ---------------------------------------------------------------------------
  // Back to what the tab speaks of: the chosen point, else this image.
  home() {
    const { data } = this;
    const middle = ([low, high]) => (low + high) / 2;
    this.z = data.picked !== null ? this.point(data.picked) : data.marks[0] ?? [data.x_range, data.y_range].map(middle);
    this.near = data.picked;
    this.role = data.picked === null ? (data.marks.length > 1 ? `the first of ${data.mark_name}` : data.mark_name) : `chosen ${data.input_name}`;
    this.show();
  }

  // To a place of the plane, from where the nearest test input leads the others.
  move(x, y) {
    const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));
    this.z = [clamp(x, this.data.x_range), clamp(y, this.data.y_range)];
    this.near = this.nearest();
    this.role = `nearest ${this.data.input_name}`;
    if ((this.small || this.data.grid_at_points) && this.near !== null) this.z = this.point(this.near);
    this.show();
    this.lead();
  }

  // In space: to a test input itself.
  moveTo(index) {
    Object.assign(this, { near: index, z: this.point(index), role: this.data.input_name });
    this.show();
    this.lead();
  }

  lead() {
    if (this.near === null || !this.data.picks) return;
    for (const other of this.others()) other.follow(this.near * this.data.every);
  }

  others() {
    return this.tabView.widgets.filter((part) => part !== this && part.slot === "planes" && part.data?.picks);
  }

  follow(input) {
    const index = input / this.data.every;
    const here = Number.isInteger(index) && index < this.data.groups.length;
    this.near = here ? index : null;
    if (here) Object.assign(this, { z: this.point(index), role: `the same ${this.data.input_name}` });
    this.show();
  }

  // The test input nearest to the cursor in pixels, of the classes that are shown.
  nearest(reach = Infinity) {
    const { axes } = this;
    if (!axes) return null;
    const [x, y] = [axes.xaxis.d2p(this.z[0]), axes.yaxis.d2p(this.z[1])];
    const [xs, ys] = this.data.points;
    let [found, least] = [null, reach];
    xs.forEach((value, i) => {
      const distance = Math.hypot(axes.xaxis.d2p(value) - x, axes.yaxis.d2p(ys[i]) - y);
      if (distance <= least && !this.hides(i)) [found, least] = [i, distance];
    });
    return found;
  }

  pickNearest(reach) {
    const nearest = this.picks ? (this.inSpace ? this.near : this.nearest(reach)) : null;
    if (nearest !== null) this.pick(nearest);
  }

  pick(index) {
    if (this.picks) this.tabView.setTransient(this.picks, String(index));
  }

  // --- what is shown ---------------------------------------------------------------------------------------------------
  show() {
    this.decode();
    this.place();
    this.inSpace ? this.space.marks() : this.canvases.marks();
  }

  // The class of the test input at the cursor, where it has one.
  named() {
    const { groups, names, point_colors } = this.data;
    const name = this.near !== null && !point_colors && names.length > 1 ? names[groups[this.near]] : "";
    return name ? `${this.role}: ${name}` : this.role;
  }

  // The nearest cell of the grid, of which row 0 is the lowest y; in space a test input's own.
  cellHere() {
    const { x_range, y_range, points: [xs], grid_at_points } = this.data;
    if (grid_at_points) {
      const far = (i) => Math.hypot(...this.z.map((value, axis) => value - this.data.points[axis][i]));
      return this.near ?? xs.reduce((best, _, i) => (far(i) < far(best) ? i : best), 0);
    }
    const n = this.sprite.columns;
    const index = (value, [low, high]) => Math.max(0, Math.min(n - 1, Math.round(((value - low) / (high - low)) * (n - 1))));
    return index(this.z[1], y_range) * n + index(this.z[0], x_range);
  }

  decode() {
    if (this.small) this.label.textContent = this.near === null ? "" : this.named();
    if (!this.sprite) return;
    const cell = this.cellHere();
    const { x_range: [low, high], titles } = this.data;
    const digits = (high - low) / this.sprite.columns < 0.05 ? 2 : 1; // no finer than a cell
    const words = `${titles.join(", ")} = ${this.z.map((value) => value.toFixed(digits).replace("-", "−")).join(", ")}`;
    this.element.dataset.cell = cell;
    if (!this.box) return;
    if (cell !== this.cell) aedemo.draw(this.box.querySelector("canvas"), this.sprite, cell);
    this.cell = cell;
    this.box.dataset.cell = cell;
    this.box.querySelector("[data-line=big]").textContent = words;
    this.box.querySelector("[data-line=small]").textContent = this.named();
    this.box.querySelector(".ae-image").setAttribute("aria-label", `${this.box.dataset.title}, ${words}`);
  }

  place() {
    const { axes } = this;
    this.cross.hidden = !axes || this.small;
    if (this.cross.hidden) return;
    const { xaxis, yaxis } = axes;
    this.cross.style.transform = `translate(${xaxis._offset + xaxis.d2p(this.z[0])}px, ${yaxis._offset + yaxis.d2p(this.z[1])}px)`;
  }

  async render() {
    if (!this.data) return;
    const Plotly = await aedemo.plotly();
    const { clientWidth: width, clientHeight: height } = this.element;
    const config = { ...aedemo.plotConfig, displayModeBar: false };
    if (this.inSpace !== this.wasSpace) Plotly.purge(this.plot);
    this.wasSpace = this.inSpace;
    if (this.inSpace) return this.space.render(Plotly, { width, height, showlegend: false }, config);
    await Plotly.react(this.plot, [], this.layout({ dragmode: false, hovermode: false, width, height, showlegend: false }), config);
    this.canvases.dots();
    this.show();
  }

  layout(overrides) {
    const { titles: [x, y], x_range, y_range } = this.data;
    const still = { fixedrange: true, zeroline: false, ...(this.small ? { visible: false } : {}) };
    const axis = (title, range) => ({ title: { text: title }, range, ...still });
    return aedemo.layout({ xaxis: axis(x, x_range), yaxis: axis(y, y_range), uirevision: null, ...overrides });
  }

  // For a file: the points with their classes named, and the marks as points among them.
  drawing() {
    if (!this.data || !this.plot._fullLayout) return null;
    const { marks, mark_name, names, point_colors } = this.data;
    const overrides = { showlegend: names.length > 1 && !point_colors };
    if (this.inSpace) return { data: this.space.traces(), layout: this.space.layout(overrides) };
    const [x, y] = [0, 1].map((axis) => marks.map((mark) => mark[axis]));
    const ring = { size: 14, symbol: "circle-open", color: "#1b2230", line: { width: 2.5 } };
    const mine = { type: "scatter", mode: "markers", name: mark_name, x, y, marker: ring };
    return { data: [...this.classes.traces(this, "scatter", 5.5), mine], layout: this.layout(overrides) };
  }
});
