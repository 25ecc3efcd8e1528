// A code of three numbers, which stands in space and turns: Plotly draws it, and the pointer, or the arrow keys, go from
// test input to test input, of which each is decoded.
aedemo.PlaneSpace = class {
  constructor(plane) {
    this.plane = plane;
  }

  async render(Plotly, overrides, config) {
    const { plane } = this;
    await Plotly.react(plane.plot, this.traces(), this.layout(overrides), config);
    this.points = plane.plot.data.length - 3;
    for (const name of ["plotly_click", "plotly_hover"]) plane.plot.removeAllListeners?.(name);
    plane.plot.on("plotly_click", ({ points: [hit] }) => hit.customdata !== undefined && plane.pick(hit.customdata));
    plane.plot.on("plotly_hover", ({ points: [hit] }) => hit.customdata !== undefined && plane.moveTo(hit.customdata));
    plane.show();
  }

  // The points; this image as rings, the chosen point as a ball, and what the cursor is at.
  traces() {
    return [...this.plane.classes.traces(this.plane, "scatter3d", 2.5), ...this.ownTraces()];
  }

  ownTraces() {
    const { data, near } = this.plane;
    const ink = aedemo.css("--ae-ink");
    const trace = (places, marker) => {
      const [x, y, z] = [0, 1, 2].map((axis) => places.map((place) => place[axis]));
      return { type: "scatter3d", mode: "markers", x, y, z, marker, hoverinfo: "skip", showlegend: false };
    };
    const at = (index) => (index === null ? [] : [this.plane.point(index)]);
    return [
      trace(data.marks, { size: 9, symbol: "circle-open", color: ink, line: { width: 3 } }),
      trace(at(data.picked), { size: 7, color: aedemo.css("--ae-accent") }),
      trace(at(near === data.picked ? null : near), { size: 6, color: ink }),
    ];
  }

  // The cursor alone, once a frame of the screen.
  marks() {
    if (this.waiting || this.points === undefined || this.plane.plot.data?.length !== this.points + 3) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      const { x, y, z } = this.ownTraces()[2];
      if (this.plane.inSpace) window.Plotly?.restyle(this.plane.plot, { x: [x], y: [y], z: [z] }, [this.points + 2]);
    });
  }

  layout(overrides) {
    const { titles, points } = this.plane.data;
    const line = aedemo.css("--ae-line");
    const axis = (title, values) => {
      const span = Math.max(...values) - Math.min(...values);
      const whole = { tick0: 0, dtick: Math.max(1, Math.ceil(span / 4)), tickformat: "d" };
      return { title: { text: title }, gridcolor: line, zerolinecolor: line, showspikes: false, ...whole };
    };
    const [xaxis, yaxis, zaxis] = titles.map((title, k) => axis(title, points[k]));
    const far = 1.1 * Math.max(1, (1.05 * overrides.height) / overrides.width || 1); // near enough to fill the card
    const camera = { eye: { x: far, y: far, z: 0.7 * far }, center: { x: 0, y: 0, z: -0.08 } };
    const scene = { xaxis, yaxis, zaxis, camera, aspectmode: "cube", dragmode: "orbit" };
    return aedemo.layout({ ...overrides, scene, uirevision: titles.join(), dragmode: "orbit", hovermode: "closest", margin: { l: 0, r: 0, t: 0, b: 0 } });
  }

  // To the next test input along the first or the second number of the code.
  step([across, up]) {
    const { plane } = this;
    const [axis, way] = across ? [0, across] : [1, up];
    const values = plane.data.points[axis];
    const order = values.map((_, i) => i).filter((i) => !plane.hides(i)).sort((i, j) => values[i] - values[j]);
    const now = order.indexOf(plane.near);
    const next = now < 0 ? plane.cellHere() : order[Math.max(0, Math.min(order.length - 1, now + way))];
    plane.moveTo(next);
  }
};
