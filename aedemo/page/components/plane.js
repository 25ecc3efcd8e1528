// The latent plane: axes by Plotly, and thousands of points on a canvas, where they cost a hundredth of Plotly's time.
// The pointer, a finger or the arrow keys choose a code, and the image decoded there is copied from the grid's sprite.
// No request, but for a point that is clicked. A code of three numbers stands in space instead, and turns.
const FLAT = "This browser has no WebGL to turn the map in space, so two of the code's three numbers are shown.";

aedemo.part("plane", class {
  constructor(element, tabView) {
    Object.assign(this, { element, tabView });
    this.plot = element.querySelector(".ae-plot");
    this.cross = element.querySelector(".ae-cross");
    this.dots = element.querySelector(".ae-dots");
    this.marks = element.querySelector(".ae-marks");
    this.box = tabView.element.querySelector(`[data-decoded-box="${element.dataset.decoded}"]`);
    this.draw = aedemo.whenSeen(element, () => this.render());
    element.addEventListener("pointerdown", (event) => {
      if (this.space) return;
      element.setPointerCapture(event.pointerId); // a finger may leave the plane and still draws its edge
      this.pressed = [event.clientX, event.clientY];
      this.point(event);
    });
    element.addEventListener("pointermove", (event) => this.space || this.point(event));
    element.addEventListener("pointerup", (event) => this.release(event));
    element.addEventListener("keydown", (event) => this.key(event));
  }

  get small() {
    return this.element.classList.contains("small");
  }

  get space() {
    return this.data?.points.length === 3 && aedemo.webgl();
  }

  // Three numbers, and nothing to turn them in: the first two are shown, and it is said.
  get flattened() {
    return this.data.points.length === 3 && !aedemo.webgl();
  }

  prepare(data) {
    if (data.grid && data.grid.src === this.sprite?.src) return this.sprite;
    return data.grid && aedemo.sprite(data.grid).catch(() => null); // lost on its way: the plane goes without
  }

  fill(data, sprite) {
    // The points are the data set's: a new image moves its marks alone, as often as somebody's pen moves.
    const { points, groups, names, point_colors, x_range, y_range, titles } = data;
    const standing = JSON.stringify([points, groups, names, point_colors, x_range, y_range, titles]);
    const same = standing === this.standing && this.plot._fullLayout;
    Object.assign(this, { data, sprite, standing, cell: null });
    const middle = ([low, high]) => (low + high) / 2;
    const chosen = data.picked === null ? data.marks[0] : data.points.map((column) => column[data.picked]);
    this.z = chosen ?? [middle(data.x_range), middle(data.y_range)];
    const wanted = this.tabView.linked.get(this.element.dataset.picks);
    if (wanted && data.picked === null) aedemo.link.ignore(this.element.dataset.picks, wanted);
    this.element.classList.toggle("ae-space", this.space);
    this.element.hidden = this.small && !data.points[0].length;
    if (this.box) this.box.hidden = !sprite;
    if (!this.small) this.element.ariaLabel = `${this.element.dataset.title}. ${this.help()}`;
    this.decode();
    this.legend();
    if (!same || this.space) return this.draw();
    this.place();
    this.paintMarks();
  }

  help() {
    const words = {
      "Drag to turn it.": this.space,
      "Click a point to choose that test image.": this.space && this.picks,
      "Move the pointer, or use the arrow keys, to decode another point.": !this.space && this.sprite,
      "Click, or press Enter, to choose the nearest test image.": !this.space && this.picks,
    };
    return Object.keys(words).filter((one) => words[one]).join(" ");
  }

  // The choice that becomes the index of a point, where points can be chosen.
  get picks() {
    return this.data.picks && this.element.dataset.picks;
  }

  legend() {
    const { names, colors, point_colors, marks, mark_name, picked } = this.data;
    if (this.small) return;
    const entry = (name, color) => {
      const span = document.createElement("span");
      span.textContent = name;
      if (color) span.style.setProperty("--dot", color);
      else span.className = marks.length > 1 && !this.space ? "mark many" : "mark";
      return span;
    };
    const classes = names.length > 1 && !point_colors ? names.map((name, i) => entry(name, colors[i])) : [];
    const chosen = picked === null ? [] : [entry("chosen point", "var(--ae-accent)")];
    const note = this.flattened ? [Object.assign(document.createElement("p"), { textContent: FLAT })] : [];
    this.element.nextElementSibling.replaceChildren(...note, ...classes, ...(marks.length ? [entry(mark_name)] : []), ...chosen);
  }

  traces() {
    const { points, groups, names, colors, point_colors } = this.data;
    const rim = { width: 0.5, color: aedemo.css("--ae-rim") };
    const trace = (name, members, color) => {
      const [x, y, z] = points.map((column) => (members ? members.map((i) => column[i]) : column));
      const kind = z ? { type: "scatter3d", z, hovertemplate: `${name}<extra></extra>` } : { type: "scatter", hoverinfo: "skip" };
      const marker = { size: this.small ? 3.5 : z ? 2.5 : 5.5, color, opacity: 0.8, ...(z ? {} : { line: rim }) };
      return { mode: "markers", name, x, y, customdata: members ?? x.map((_, i) => i), marker, ...kind };
    };
    if (point_colors) return [trace("", null, point_colors)];
    return names.map((name, group) => trace(name, groups.flatMap((g, i) => (g === group ? [i] : [])), colors[group]));
  }

  // In space Plotly draws the marks too: this image as rings, the chosen point as a ball.
  marksInSpace() {
    const { marks, points, picked } = this.data;
    const trace = (places, marker) => {
      const [x, y, z] = [0, 1, 2].map((axis) => places.map((place) => place[axis]));
      return { type: "scatter3d", mode: "markers", x, y, z, marker, hoverinfo: "skip", showlegend: false };
    };
    const ring = { size: 9, symbol: "circle-open", color: aedemo.css("--ae-ink"), line: { width: 3 } };
    const chosen = picked === null ? [] : [points.map((column) => column[picked])];
    return [trace(marks, ring), trace(chosen, { size: 7, color: aedemo.css("--ae-accent") })];
  }

  // Empties a canvas over the plot and calls draw(context, at), where at(code) is the code's place in it, in pixels.
  paint(canvas, draw) {
    const { xaxis, yaxis, width, height } = this.plot._fullLayout ?? {};
    if (!xaxis) return;
    const ratio = devicePixelRatio;
    Object.assign(canvas, { width: width * ratio, height: height * ratio });
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.beginPath();
    context.rect(xaxis._offset, yaxis._offset, xaxis._length, yaxis._length);
    context.clip(); // a stranger's code may lie outside
    draw(context, ([u, v]) => [xaxis._offset + xaxis.d2p(u), yaxis._offset + yaxis.d2p(v)]);
  }

  disc(context, [x, y], radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }

  // The points, one class over the other.
  paintDots() {
    const { points: [xs, ys], groups, colors, point_colors } = this.data;
    const order = xs.map((_, i) => i);
    if (!point_colors) order.sort((i, j) => groups[i] - groups[j] || i - j);
    this.paint(this.dots, (context, at) => {
      Object.assign(context, { globalAlpha: 0.8, lineWidth: 0.5, strokeStyle: aedemo.css("--ae-rim") });
      for (const i of order) {
        context.fillStyle = point_colors ? point_colors[i] : colors[groups[i]];
        this.disc(context, at([xs[i], ys[i]]), this.small ? 1.75 : 2.75);
      }
    });
  }

  // This image's codes, over the points: a ring for an image, small crosses for the many patches of a photograph;
  // the chosen point as a disc.
  paintMarks() {
    const { marks, points, picked } = this.data;
    const one = marks.length === 1;
    this.paint(this.marks, (context, at) => {
      Object.assign(context, { strokeStyle: aedemo.css("--ae-ink"), lineWidth: one ? 2.5 : 1, globalAlpha: one ? 1 : 0.6 });
      context.beginPath();
      for (const mark of marks) {
        const [x, y] = at(mark);
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
      if (picked === null) return;
      Object.assign(context, { fillStyle: aedemo.css("--ae-accent"), strokeStyle: aedemo.css("--ae-card"), lineWidth: 2, globalAlpha: 1 });
      this.disc(context, at(points.map((column) => column[picked])), 7);
    });
  }

  async render() {
    if (!this.data) return;
    const Plotly = await aedemo.plotly();
    const { clientWidth: width, clientHeight: height } = this.element;
    const config = { ...aedemo.plotConfig, displayModeBar: false };
    const layout = { dragmode: false, hovermode: false, width, height, showlegend: false }; // legend() wraps better
    if (this.space !== this.wasSpace) Plotly.purge(this.plot);
    this.wasSpace = this.space;
    await Plotly.react(this.plot, this.space ? [...this.traces(), ...this.marksInSpace()] : [], this.layout(layout), config);
    if (this.space) {
      this.plot.removeAllListeners?.("plotly_click");
      this.plot.on("plotly_click", ({ points: [hit] }) => hit.customdata !== undefined && this.pick(hit.customdata));
    }
    this.place();
    if (this.space) return;
    this.paintDots();
    this.paintMarks();
  }

  // For a file: the points with their classes named, and the marks as points among them.
  drawing() {
    if (!this.data || !this.plot._fullLayout) return null;
    const { marks, mark_name } = this.data;
    const [x, y] = [0, 1].map((axis) => marks.map((mark) => mark[axis]));
    const ring = { size: 14, symbol: "circle-open", color: "#1b2230", line: { width: 2.5 } };
    const mine = this.space ? this.marksInSpace() : [{ type: "scatter", mode: "markers", name: mark_name, x, y, marker: ring }];
    return { data: [...this.traces(), ...mine], layout: this.layout({ showlegend: this.data.names.length > 1 && !this.data.point_colors }) };
  }

  layout(given) {
    const { titles, x_range, y_range } = this.data;
    const [x, y, z] = titles.map((title) => ({ title: { text: title } }));
    if (!this.space) {
      const still = { fixedrange: true, zeroline: false, ...(this.small ? { visible: false } : {}) };
      return aedemo.layout({ xaxis: { ...x, range: x_range, ...still }, yaxis: { ...y, range: y_range, ...still }, uirevision: null, ...given });
    }
    const lines = { gridcolor: aedemo.css("--ae-line"), zerolinecolor: aedemo.css("--ae-line"), showspikes: false };
    const scene = { xaxis: { ...x, ...lines }, yaxis: { ...y, ...lines }, zaxis: { ...z, ...lines }, aspectmode: "cube", dragmode: "orbit" };
    return aedemo.layout({ ...given, scene, dragmode: "orbit", hovermode: "closest", margin: { l: 0, r: 0, t: 0, b: 0 } });
  }

  // --- the pointer ---------------------------------------------------------------------------------------------------
  point(event) {
    if (this.small) return;
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    if (!xaxis || !this.data) return;
    const { left, top } = this.element.getBoundingClientRect();
    this.move(xaxis.p2d(event.clientX - left - xaxis._offset), yaxis.p2d(event.clientY - top - yaxis._offset));
  }

  // A press that hardly moved is a click: on a point, it chooses that test image.
  release(event) {
    const [x, y] = this.pressed ?? [Infinity, Infinity];
    this.pressed = null;
    if (Math.hypot(event.clientX - x, event.clientY - y) < 5) this.pickNearest(event.pointerType === "mouse" ? 14 : 26);
  }

  pickNearest(reach) {
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    if (!xaxis || this.space || !this.picks) return;
    const [xs, ys] = this.data.points;
    const [x, y] = [xaxis.d2p(this.z[0]), yaxis.d2p(this.z[1])];
    const far = xs.map((value, i) => Math.hypot(xaxis.d2p(value) - x, yaxis.d2p(ys[i]) - y));
    const nearest = far.indexOf(Math.min(...far));
    if (far[nearest] <= reach) this.pick(nearest);
  }

  pick(index) {
    if (this.picks) this.tabView.setTransient(this.picks, String(index));
  }

  key(event) {
    if (this.space || !this.data) return;
    if (event.key === "Enter") return this.pickNearest(Infinity);
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const cells = (this.sprite?.columns ?? 28) - 1;
    const size = ([low, high]) => (high - low) / cells; // one cell a press
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
    if (!this.sprite) return;
    const n = this.sprite.columns;
    const index = (value, [low, high]) => Math.max(0, Math.min(n - 1, Math.round(((value - low) / (high - low)) * (n - 1))));
    const cell = index(this.z[1], this.data.y_range) * n + index(this.z[0], this.data.x_range);
    const digits = (this.data.x_range[1] - this.data.x_range[0]) / n < 0.05 ? 2 : 1; // no finer than a cell
    const words = `${this.data.titles.join(", ")} = ${this.z.map((value) => value.toFixed(digits).replace("-", "−")).join(", ")}`;
    this.element.dataset.cell = cell;
    if (!this.box) return;
    if (cell !== this.cell) aedemo.draw(this.box.querySelector("canvas"), this.sprite, cell);
    this.cell = cell;
    this.box.dataset.cell = cell;
    this.box.querySelector("[data-line=big]").textContent = words;
    this.box.querySelector(".ae-image").setAttribute("aria-label", `${this.box.dataset.title}, ${words}`);
  }

  place() {
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    this.cross.hidden = !xaxis || this.space || this.small;
    if (this.cross.hidden) return;
    const x = xaxis._offset + xaxis.d2p(this.z[0]);
    const y = yaxis._offset + yaxis.d2p(this.z[1]);
    this.cross.style.transform = `translate(${x}px, ${y}px)`;
  }
});
