// Data space of points in two or three dimensions: the points, PCA's line or plane, the decoder's curve or sheet, how far
// each point is from its reconstruction, and a denoiser's arrows. Space is projected here, turns under pointer, finger
// and keys, and is painted from back to front.
(() => {
  const SEGMENTS = 60; // of the points, those whose way to their reconstruction is drawn
  const CELLS = 8; // along each side of PCA's plane, so that points can lie before and behind it
  const [ROOM, ARROW_ROOM] = [1.06, 1.05]; // around the points, in their radius, and around the field of arrows
  const WIDE = 1.2; // how much wider than the points PCA's plane is, as it is seen at first
  const [YAW, PITCH] = [-0.5, 0.35]; // how space is seen at first, in radians

  aedemo.Space = class {
    constructor(canvas, changed) {
      Object.assign(this, { canvas, changed, yaw: YAW, pitch: PITCH });
      canvas.addEventListener("pointerdown", (event) => {
        if (event.button || !this.turns) return;
        canvas.setPointerCapture(event.pointerId);
        this.held = { id: event.pointerId, x: event.clientX, y: event.clientY };
      });
      canvas.addEventListener("pointermove", (event) => this.drag(event));
      for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (this.held = null));
      canvas.addEventListener("keydown", (event) => this.key(event));
    }

    open(setup) {
      const [count, dimension] = setup.points.shape;
      Object.assign(this, { setup, count, dimension, turns: dimension === 3 });
      const { values } = setup.points;
      this.radius = 0;
      for (let i = 0; i < count; i++) {
        let square = 0;
        for (let d = 0; d < dimension; d++) square += (values[i * dimension + d] - setup.mean[d]) ** 2;
        this.radius = Math.max(this.radius, Math.sqrt(square));
      }
      this.levels = Uint8Array.from(setup.colours.values, aedemo.rampLevel);
      this.canvas.classList.toggle("ae-turns", this.turns);
      this.turns ? (this.canvas.tabIndex = 0) : this.canvas.removeAttribute("tabindex");
    }

    drag(event) {
      if (event.pointerId !== this.held?.id) return;
      this.turn((event.clientX - this.held.x) / 120, (event.clientY - this.held.y) / 120);
      Object.assign(this.held, { x: event.clientX, y: event.clientY });
    }

    key(event) {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!way || !this.turns) return;
      event.preventDefault();
      event.stopPropagation();
      this.turn(0.12 * way[0], 0.12 * way[1]);
    }

    turn(yaw, pitch) {
      this.yaw += yaw;
      this.pitch = Math.min(Math.PI / 2, Math.max(-Math.PI / 2, this.pitch + pitch));
      this.changed();
    }

    // --- the projection ------------------------------------------------------------------------------------------
    // Points (n × D) -> (n × 3): across and down in pixels, and depth, larger where it is farther away. Space is seen
    // along PCA's axes: the first to the right, the second away, the third up, so that PCA's plane lies level.
    project(values) {
      const { dimension, setup: { mean, components }, turns } = this;
      const n = values.length / dimension;
      const out = new Float32Array(3 * n);
      const [cy, sy, cp, sp] = [Math.cos(this.yaw), Math.sin(this.yaw), Math.cos(this.pitch), Math.sin(this.pitch)];
      const [first, second, third] = turns ? components : [[1, 0, 0], [0, 0, 0], [0, 1, 0]];
      for (let i = 0; i < n; i++) {
        let [x, away, up] = [0, 0, 0];
        for (let d = 0; d < dimension; d++) {
          const value = values[i * dimension + d] - mean[d];
          x += first[d] * value;
          away += second[d] * value;
          up += third[d] * value;
        }
        const [across, back] = turns ? [cy * x - sy * away, sy * x + cy * away] : [x, 0];
        out[3 * i] = this.middle[0] + this.scale * across;
        out[3 * i + 1] = this.middle[1] - this.scale * (turns ? cp * up + sp * back : up);
        out[3 * i + 2] = turns ? cp * back - sp * up : 0;
      }
      return out;
    }

    // --- painting ------------------------------------------------------------------------------------------------
    paint(snapshot, kept) {
      const { context, width, height } = aedemo.fresh(this.canvas);
      const reach = Math.max(ROOM * this.radius, ARROW_ROOM * Math.max(0, ...(this.setup.arrow_places?.values ?? [])));
      const wide = this.turns ? WIDE : 1;
      Object.assign(this, { context, ramp: aedemo.ramp(), middle: [width / 2, height / 2], scale: Math.min(width / wide, height) / 2 / reach });
      this.color = aedemo.colours()[this.setup.settings.variant];
      const pca = this.pca(snapshot);
      if (kept?.surface) this.wire(this.project(kept.surface.values), kept.surface.shape);
      if (snapshot.surface?.shape.length === 3) this.inDepth(snapshot, pca);
      else this.flat(snapshot, pca);
      if (snapshot.arrows) this.arrows(snapshot);
      else this.segments(snapshot);
    }

    // Corners of PCA's line or plane, or null where it has none or all of the dimensions.
    pca({ components: k }) {
      const { mean, components } = this.setup;
      if (k < 1 || k >= this.dimension || k > 2) return null;
      const reach = 0.95 * this.radius;
      const at = (a, b) => mean.map((value, d) => value + reach * (a * components[0][d] + (k > 1 ? b * components[1][d] : 0)));
      if (k === 1) return { k, places: this.project([...at(-1, 0), ...at(1, 0)]) };
      const places = [];
      for (let i = 0; i <= CELLS; i++) for (let j = 0; j <= CELLS; j++) places.push(...at((2 * j) / CELLS - 1, (2 * i) / CELLS - 1));
      return { k, places: this.project(places) };
    }

    // Plane, sheet and points, from back to front.
    inDepth({ surface }, pca) {
      const sheet = this.project(surface.values);
      const points = this.project(this.setup.points.values);
      const items = [];
      const quads = (places, side, kind) => {
        for (let i = 0; i + 1 < side; i++) {
          for (let j = 0; j + 1 < side; j++) {
            const a = i * side + j;
            const corners = [a, a + 1, a + side + 1, a + side];
            items.push({ depth: corners.reduce((sum, c) => sum + places[3 * c + 2], 0) / 4, kind, places, corners });
          }
        }
      };
      if (pca?.k === 2) quads(pca.places, CELLS + 1, "plane");
      else if (pca) this.line(pca.places);
      quads(sheet, surface.shape[0], "sheet");
      for (let i = 0; i < this.count; i++) items.push({ depth: points[3 * i + 2], kind: "point", i });
      items.sort((one, other) => other.depth - one.depth);
      for (const item of items) item.kind === "point" ? this.dot(points, item.i) : this.quad(item);
    }

    // A curve, or no surface at all: over the points, which need no order among themselves.
    flat(snapshot, pca) {
      if (pca?.k === 2) this.plane(pca.places);
      else if (pca) this.line(pca.places);
      const points = this.project(this.setup.points.values);
      for (let i = 0; i < this.count; i++) this.dot(points, i);
      const { context } = this;
      if (snapshot.surface) this.stroke(this.project(snapshot.surface.values), { strokeStyle: this.color, lineWidth: 3.5 });
      else if (!snapshot.arrows) this.scatter(this.project(snapshot.reconstructions.values));
      context.globalAlpha = 1;
    }

    dot(places, i) {
      Object.assign(this.context, { globalAlpha: 0.85, fillStyle: this.ramp[this.levels[i]] });
      aedemo.disc(this.context, places[3 * i], places[3 * i + 1]);
    }

    scatter(places) {
      const { context } = this;
      Object.assign(context, { fillStyle: this.color, globalAlpha: 0.9 });
      for (let i = 0; i < places.length / 3; i++) context.fillRect(places[3 * i] - 1.5, places[3 * i + 1] - 1.5, 3, 3);
    }

    quad({ kind, places, corners }) {
      const { context } = this;
      context.beginPath();
      for (const c of corners) context.lineTo(places[3 * c], places[3 * c + 1]);
      context.closePath();
      context.fillStyle = kind === "plane" ? aedemo.colours().pca : this.color;
      context.globalAlpha = kind === "plane" ? 0.16 : 0.2;
      context.fill();
      if (kind === "plane") return;
      Object.assign(context, { strokeStyle: this.color, lineWidth: 1, globalAlpha: 0.75 });
      context.stroke();
    }

    plane(places) {
      const side = CELLS + 1;
      const corners = [0, CELLS, side * side - 1, CELLS * side];
      this.quad({ kind: "plane", places, corners });
    }

    line(places) {
      this.stroke(places, { strokeStyle: aedemo.colours().pca, lineWidth: 2.5 }, [7, 5]);
    }

    stroke(places, look, dashes = []) {
      const { context } = this;
      Object.assign(context, { globalAlpha: 1, lineJoin: "round", ...look });
      context.setLineDash(dashes);
      context.beginPath();
      for (let i = 0; i < places.length / 3; i++) context.lineTo(places[3 * i], places[3 * i + 1]);
      context.stroke();
      context.setLineDash([]);
    }

    // The kept run's curve, or every line of its sheet, faintly.
    wire(places, shape) {
      const look = { strokeStyle: aedemo.colours().quiet, lineWidth: 1 };
      if (shape.length === 2) return this.stroke(places, { ...look, lineWidth: 3 }, [2, 4]);
      const side = shape[0];
      const { context } = this;
      Object.assign(context, look, { globalAlpha: 0.6 });
      context.beginPath();
      for (const at of [(i, j) => i * side + j, (i, j) => j * side + i]) {
        for (let i = 0; i < side; i++) {
          for (let j = 0; j < side; j++) context[j ? "lineTo" : "moveTo"](places[3 * at(i, j)], places[3 * at(i, j) + 1]);
        }
      }
      context.stroke();
    }

    // From some points to their reconstructions.
    segments({ reconstructions }) {
      const { context, dimension } = this;
      const from = this.project(this.setup.points.values.subarray(0, SEGMENTS * dimension));
      const to = this.project(reconstructions.values.subarray(0, SEGMENTS * dimension));
      Object.assign(context, { strokeStyle: aedemo.colours().denoising, lineWidth: 1.5, globalAlpha: 0.9 });
      context.beginPath();
      for (let i = 0; i < from.length; i += 3) {
        context.moveTo(from[i], from[i + 1]);
        context.lineTo(to[i], to[i + 1]);
      }
      context.stroke();
      context.globalAlpha = 1;
    }

    // Where a denoiser moves each place of a grid, no arrow longer than the grid is wide.
    arrows({ arrows: { values, shape } }) {
      const { context, dimension } = this;
      const places = this.setup.arrow_places.values;
      const spacing = Math.hypot(...[0, 1, 2].slice(0, dimension).map((d) => places[dimension + d] - places[d]));
      const ends = Float32Array.from(values);
      for (let i = 0; i < shape[0] * shape[1]; i++) {
        const own = values.subarray(i * dimension, (i + 1) * dimension);
        const share = Math.min(1, (0.95 * spacing) / Math.hypot(...own));
        for (let d = 0; d < dimension; d++) ends[i * dimension + d] = places[i * dimension + d] + share * own[d];
      }
      const [from, to] = [this.project(places), this.project(ends)];
      Object.assign(context, { strokeStyle: this.color, lineWidth: 1.6, globalAlpha: 1 });
      context.beginPath();
      for (let i = 0; i < from.length; i += 3) {
        const [dx, dy] = [to[i] - from[i], to[i + 1] - from[i + 1]];
        const length = Math.hypot(dx, dy);
        if (length < 1) continue;
        const head = Math.min(5, 0.5 * length) / length;
        context.moveTo(from[i], from[i + 1]);
        context.lineTo(to[i], to[i + 1]);
        for (const side of [-0.6, 0.6]) {
          context.moveTo(to[i], to[i + 1]);
          context.lineTo(to[i] - head * (dx + side * dy), to[i + 1] - head * (dy - side * dx));
        }
      }
      context.stroke();
    }
  };
})();
