// The latent plane: points drawn once by Plotly; the pointer, a finger or the arrow keys choose a code,
// and the picture decoded there is copied from the grid's sprite. No request.
aedemo.part("plane", class {
  constructor(element, scene) {
    Object.assign(this, { element, scene });
    this.plot = element.querySelector(".ae-plot");
    this.cross = element.querySelector(".ae-cross");
    this.marks = element.querySelector(".ae-marks");
    this.box = scene.element.querySelector(`[data-decoded-box="${element.dataset.decoded}"]`);
    this.draw = aedemo.whenSeen(element, () => this.render());
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId); // a finger may leave the plane and still draws its edge
      this.point(event);
    });
    element.addEventListener("pointermove", (event) => this.point(event));
    element.addEventListener("keydown", (event) => this.key(event));
  }

  prepare(data) {
    return aedemo.sprite(data.grid);
  }

  fill(data, sprite) {
    // The points are the data set's: a new picture moves its marks alone, as often as somebody's pen moves.
    const points = JSON.stringify([data.x, data.y, data.groups, data.names, data.point_colors, data.x_range, data.y_range]);
    const same = points === this.points && this.plot._fullLayout;
    Object.assign(this, { data, sprite, points, cell: null });
    const middle = ([low, high]) => (low + high) / 2;
    this.z = data.marks[0] ?? [middle(data.x_range), middle(data.y_range)];
    this.decode();
    this.legend();
    if (!same) return this.draw();
    this.place();
    this.paintMarks();
  }

  legend() {
    const { names, colors, point_colors, marks, mark_name } = this.data;
    const entry = (name, color) => {
      const span = document.createElement("span");
      span.textContent = name;
      if (color) span.style.setProperty("--dot", color);
      else span.className = "mark";
      return span;
    };
    const classes = names.length > 1 && !point_colors ? names.map((name, i) => entry(name, colors[i])) : [];
    this.element.nextElementSibling.replaceChildren(...classes, ...(marks.length ? [entry(mark_name)] : []));
  }

  traces() {
    const { x, y, groups, names, colors, point_colors } = this.data;
    const rim = { width: 0.5, color: aedemo.css("--ae-rim") };
    const points = (name, xs, ys, color) => ({
      type: "scatter", mode: "markers", name, x: xs, y: ys, hoverinfo: "skip",
      marker: { size: 5.5, color, opacity: 0.8, line: rim },
    });
    return point_colors
      ? [points("", x, y, point_colors)]
      : names.map((name, group) => {
          const member = (_, i) => groups[i] === group;
          return points(name, x.filter(member), y.filter(member), colors[group]);
        });
  }

  // This picture's codes, over the points: a ring for a picture, small crosses for the many patches of a photograph.
  paintMarks() {
    const { xaxis, yaxis, width, height } = this.plot._fullLayout ?? {};
    if (!xaxis) return;
    const { marks } = this.data;
    const ratio = devicePixelRatio;
    Object.assign(this.marks, { width: width * ratio, height: height * ratio });
    const context = this.marks.getContext("2d");
    context.scale(ratio, ratio);
    const one = marks.length === 1;
    Object.assign(context, { strokeStyle: aedemo.css("--ae-ink"), lineWidth: one ? 2.5 : 1, globalAlpha: one ? 1 : 0.6 });
    context.beginPath();
    context.rect(xaxis._offset, yaxis._offset, xaxis._length, yaxis._length);
    context.clip(); // a stranger's code may lie outside
    context.beginPath();
    for (const [u, v] of marks) {
      const [x, y] = [xaxis._offset + xaxis.d2p(u), yaxis._offset + yaxis.d2p(v)];
      if (one) {
        context.arc(x, y, 7.5, 0, 2 * Math.PI);
        continue;
      }
      for (const tilt of [-2.5, 2.5]) {
        context.moveTo(x - 2.5, y - tilt);
        context.lineTo(x + 2.5, y + tilt);
      }
    }
    context.stroke();
  }

  async render() {
    if (!this.data) return;
    const Plotly = await aedemo.plotly();
    const [left, bottom] = this.data.titles;
    const { clientWidth: width, clientHeight: height } = this.element;
    const layout = aedemo.layout({
      xaxis: { title: { text: left }, range: this.data.x_range, fixedrange: true, zeroline: false },
      yaxis: { title: { text: bottom }, range: this.data.y_range, fixedrange: true, zeroline: false },
      dragmode: false, hovermode: false, width, height, uirevision: null,
      showlegend: false, // our own wraps better, see legend()
    });
    await Plotly.react(this.plot, this.traces(), layout, { ...aedemo.plotConfig, displayModeBar: false });
    this.place();
    this.paintMarks();
  }

  point(event) {
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    if (!xaxis || !this.data) return;
    const { left, top } = this.element.getBoundingClientRect();
    this.move(xaxis.p2d(event.clientX - left - xaxis._offset), yaxis.p2d(event.clientY - top - yaxis._offset));
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step || !this.data) return;
    event.preventDefault();
    const size = ([low, high]) => (high - low) / (this.sprite.columns - 1); // one cell a press
    this.move(this.z[0] + step[0] * size(this.data.x_range), this.z[1] + step[1] * size(this.data.y_range));
  }

  move(x, y) {
    const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));
    this.z = [clamp(x, this.data.x_range), clamp(y, this.data.y_range)];
    this.decode();
    this.place();
  }

  // The nearest cell of the grid; row 0 is the lowest y.
  decode() {
    const n = this.sprite.columns;
    const index = (value, [low, high]) => Math.max(0, Math.min(n - 1, Math.round(((value - low) / (high - low)) * (n - 1))));
    const cell = index(this.z[1], this.data.y_range) * n + index(this.z[0], this.data.x_range);
    const digits = (this.data.x_range[1] - this.data.x_range[0]) / n < 0.05 ? 2 : 1; // no finer than a cell
    const words = `z = (${this.z.map((value) => value.toFixed(digits).replace("-", "−")).join(", ")})`;
    this.element.dataset.cell = cell;
    if (!this.box) return;
    if (cell !== this.cell) aedemo.draw(this.box.querySelector("canvas"), this.sprite, cell);
    this.cell = cell;
    this.box.dataset.cell = cell;
    this.box.querySelector("[data-line=big]").textContent = words;
    this.box.querySelector(".ae-picture").setAttribute("aria-label", `${this.box.dataset.title}, ${words}`);
  }

  place() {
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    this.cross.hidden = !xaxis;
    if (!xaxis) return;
    const x = xaxis._offset + xaxis.d2p(this.z[0]);
    const y = yaxis._offset + yaxis.d2p(this.z[1]);
    this.cross.style.transform = `translate(${x}px, ${y}px)`;
  }
});
