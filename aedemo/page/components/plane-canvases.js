// What is painted over a flat plane: the points, or the plane as tiles; and on a second canvas, which changes as often as
// the pointer moves, this image, the chosen point and the test input at the cursor.
aedemo.PlaneCanvases = class {
  static TILES = 15; // a side

  constructor(plane) {
    this.plane = plane;
    this.below = plane.element.querySelector(".ae-dots");
    this.above = plane.element.querySelector(".ae-marks");
  }

  // Empties a canvas over the plot and calls draw(context, at), where at(code) is the code's place in it, in pixels.
  paint(canvas, draw) {
    const { axes, plot } = this.plane;
    if (!axes) return;
    const { xaxis, yaxis } = axes;
    const { width, height } = plot._fullLayout;
    Object.assign(canvas, { width: width * devicePixelRatio, height: height * devicePixelRatio });
    const context = canvas.getContext("2d");
    context.scale(devicePixelRatio, devicePixelRatio);
    context.beginPath();
    context.rect(xaxis._offset, yaxis._offset, xaxis._length, yaxis._length);
    context.clip(); // the code of an unusual image may lie outside
    draw(context, ([u, v]) => [xaxis._offset + xaxis.d2p(u), yaxis._offset + yaxis.d2p(v)]);
  }

  disc(context, [x, y], radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }

  dots() {
    const { plane } = this;
    if (!plane.data || plane.inSpace) return;
    const tiled = !plane.small && plane.classes.tiled && plane.sprite && !plane.data.grid_at_points;
    this.paint(this.below, (context, at) => (tiled ? this.tiles(context) : plane.data.over ? this.pairs(context, at) : this.points(context, at)));
  }

  // The points, one class over the other.
  points(context, at) {
    const { plane } = this;
    const { groups, point_colors } = plane.data;
    const order = groups.map((_, i) => i).filter((i) => !plane.hides(i));
    if (!point_colors) order.sort((i, j) => groups[i] - groups[j] || i - j);
    const rim = aedemo.css("--ae-rim");
    context.globalAlpha = 0.8;
    for (const i of order) {
      const color = plane.classes.color(plane.data, i);
      const outline = aedemo.outlined(color);
      Object.assign(context, { fillStyle: color, strokeStyle: outline ?? rim, lineWidth: outline ? 1 : 0.5 });
      this.disc(context, at(plane.point(i)), 2.75);
    }
  }

  // Two networks' codes of the same inputs: a dot for the first, a line to where the second puts it.
  pairs(context, at) {
    const { plane } = this;
    plane.data.groups.forEach((_, i) => {
      if (plane.hides(i)) return;
      const color = plane.classes.color(plane.data, i);
      this.pair(context, at, i, { strokeStyle: aedemo.outlined(color) ?? color, fillStyle: color, lineWidth: 0.8, globalAlpha: 0.6 }, 1.5);
    });
  }

  pair(context, at, i, look, radius) {
    const [from, to] = [at(this.plane.point(i)), at(this.plane.data.over.map((column) => column[i]))];
    Object.assign(context, look);
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    this.disc(context, from, radius);
  }

  // The plane as what is decoded in it: each tile stands where its code is.
  tiles(context) {
    const { sprite, axes: { xaxis, yaxis } } = this.plane;
    const count = aedemo.PlaneCanvases.TILES;
    const step = (sprite.columns - 1) / count; // of cells; a tile stands in the middle of its field
    const size = Math.min(xaxis._length, yaxis._length) / count - 1;
    context.imageSmoothingQuality = "high";
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        const cell = Math.round((row + 0.5) * step) * sprite.columns + Math.round((column + 0.5) * step);
        const x = xaxis._offset + ((column + 0.5) / count) * xaxis._length;
        const y = yaxis._offset + (1 - (row + 0.5) / count) * yaxis._length;
        context.save();
        context.translate(x - size / 2, y - size / 2);
        context.scale(size / sprite.width, size / sprite.height);
        sprite.paint(context, cell);
        context.restore();
      }
    }
  }

  // A ring for an image, small crosses for the many patches of a photograph; the chosen point and the test input at the
  // cursor as discs. A halo keeps them apart from tiles as dark as they are.
  marks() {
    const { plane } = this;
    const { marks, picked } = plane.data;
    const one = marks.length === 1;
    const [ink, card, accent] = ["--ae-ink", "--ae-card", "--ae-accent"].map((name) => aedemo.css(name));
    this.paint(this.above, (context, at) => {
      context.beginPath();
      for (const mark of marks) {
        const [x, y] = at(mark);
        if (one) context.arc(x, y, 7.5, 0, 2 * Math.PI);
        else for (const tilt of [-2.5, 2.5]) context.moveTo(x - 2.5, y - tilt), context.lineTo(x + 2.5, y + tilt);
      }
      if (one) this.stroke(context, { strokeStyle: card, lineWidth: 4.5, globalAlpha: 0.7 });
      this.stroke(context, { strokeStyle: ink, lineWidth: one ? 2.5 : 1, globalAlpha: one ? 1 : 0.6 });
      if (picked !== null) this.emphasise(context, at, picked, { fillStyle: accent, strokeStyle: card, lineWidth: 2, globalAlpha: 1 }, 7);
      if (plane.near === null || plane.near === picked || plane.hides(plane.near)) return;
      const color = plane.classes.color(plane.data, plane.near);
      this.emphasise(context, at, plane.near, { fillStyle: color, strokeStyle: ink, lineWidth: 1.5, globalAlpha: 1 }, 4.5);
    });
  }

  emphasise(context, at, index, look, radius) {
    if (this.plane.data.over) return this.pair(context, at, index, look, radius);
    Object.assign(context, look);
    this.disc(context, at(this.plane.point(index)), radius);
  }

  stroke(context, look) {
    Object.assign(context, look);
    context.stroke();
  }
};
