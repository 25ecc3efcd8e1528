// A Plotly figure: Plotly.react keeps the zoom; a thin line of our own marks the slider's place without a relayout. A
// click moves the slider there, or sets the two controls that a map's columns and rows stand for.
aedemo.part("figure", class {
  LEAST = 110; // pixels that legend and titles must leave for the plot
  TALLEST = 1200;

  constructor(element, tabView) {
    Object.assign(this, { element, tabView });
    this.controls = element.dataset.moves?.split(" ") ?? (element.dataset.slider ? [element.dataset.slider] : []);
    // Plotly puts a cover over the page while a button is held, so what it is told of is no click.
    if (this.controls.length) element.addEventListener("pointerdown", (event) => this.press(event));
    this.plot = element.querySelector(".ae-plot");
    this.marker = element.querySelector(".ae-marker");
    this.at = [];
    this.now = 0;
    this.draw = aedemo.whenSeen(element, () => this.render());
  }

  fill({ data, layout, at }) {
    const shown = JSON.stringify([aedemo.state.data, data, layout]);
    const same = shown === this.shown && this.plot._fullLayout; // curves of test images, whatever image is chosen
    Object.assign(this, { data, layout, at, shown });
    this.element.hidden = !data.length; // nothing to draw for this data set
    same ? this.mark() : this.draw();
  }

  async render() {
    if (!this.data) return;
    const Plotly = await aedemo.plotly();
    const { clientWidth: width } = this.element;
    if (width !== this.width) this.element.style.minHeight = ""; // which a narrower figure needed
    this.width = width;
    const { clientHeight: height } = this.element;
    const layout = aedemo.layout({ ...this.layout, width, height });
    await Plotly.react(this.plot, aedemo.traces(this.data, width), layout, aedemo.plotConfig);
    if (this.grows(height)) return this.render();
    this.listens ??= this.plot.on("plotly_afterplot", () => [this.keepTitle(), this.mark()]);
    this.keepTitle();
    this.mark();
  }

  // Whether the figure became taller, since with large type the legend and the titles left no room for the plot, or the
  // title beside it stuck out.
  grows(height) {
    const { h, t, b } = this.plot._fullLayout._size;
    const title = this.plot.querySelector(".ytitle")?.getBoundingClientRect().height ?? 0;
    const lacks = Math.max(this.LEAST, title - 2 * Math.min(t, b)) - h;
    if (lacks <= 1 || height >= this.TALLEST) return false;
    this.element.style.minHeight = `${Math.ceil(height + lacks)}px`;
    return this.element.clientHeight > height; // of a figure that is out of sight by now nothing grows
  }

  // The title below stands in the middle of the plot, which wide ticks push aside: it moves in where it would stick out.
  keepTitle() {
    const title = this.plot.querySelector(".xtitle");
    if (!title) return;
    title.style.translate = "none";
    const [{ left, right }, edge] = [title, this.element].map((node) => node.getBoundingClientRect());
    const aside = Math.min(0, edge.right - right) || Math.max(0, edge.left - left);
    if (aside) title.style.translate = `${aside}px`;
  }

  // A press that ends where it began is a click; any other zooms, or scrolls the page.
  press({ button, pointerId, clientX, clientY }) {
    const ended = new AbortController();
    const end = (event) => {
      if (event.pointerId !== pointerId) return;
      ended.abort();
      const moved = Math.hypot(event.clientX - clientX, event.clientY - clientY);
      if (event.type === "pointerup" && !button && moved < 5) this.pick(clientX, clientY);
    };
    for (const type of ["pointerup", "pointercancel"]) addEventListener(type, end, { capture: true, signal: ended.signal });
  }

  pick(clientX, clientY) {
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    if (!xaxis) return;
    const { left, top } = this.plot.getBoundingClientRect();
    const [x, y] = [clientX - left - xaxis._offset, clientY - top - yaxis._offset];
    if (x < 0 || y < 0 || x > xaxis._length || y > yaxis._length) return;
    const nearest = (axis, pixels, values) => {
      const away = values.map((value) => Math.abs(axis.c2p(axis.d2c(value)) - pixels));
      return away.indexOf(Math.min(...away));
    };
    const [map] = this.data;
    const places = map.z ? [map.x[nearest(xaxis, x, map.x)], map.y[nearest(yaxis, y, map.y)]] : [this.labels[nearest(xaxis, x, this.at)]];
    this.controls.forEach((name, i) => this.move(name, places[i]));
    this.tabView.askIfStale();
  }

  // The slider's, one for each place of `at`.
  get labels() {
    return this.control(this.controls[0]).labels;
  }

  control(name) {
    return this.tabView.widgets.find((part) => part.name === name);
  }

  move(name, value) {
    const control = this.control(name);
    if (!control.element.inert) control.set(String(value));
  }

  drawing() {
    return this.data && { data: aedemo.traces(this.data), layout: aedemo.layout(this.layout) };
  }

  // Its numbers: a line for each point, or for each cell of a map.
  table() {
    const [across, up] = [this.layout.xaxis.title.text, this.layout.yaxis.title.text];
    const [first] = this.data;
    if (first.z) {
      const cells = first.z.flatMap((row, i) => row.map((value, j) => [first.x[j], first.y[i], value]));
      return [[across, up, first.colorbar.title.text], ...cells];
    }
    return [["series", across, up], ...this.data.flatMap(({ name, x, y }) => x.map((value, k) => [name, value, y[k]]))];
  }

  frame(frame) {
    this.now = frame;
    this.mark();
  }

  mark() {
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    const value = this.at[this.now];
    const x = xaxis && value !== undefined ? xaxis.c2p(xaxis.d2c(value)) : NaN; // d2p takes "0.3" for a place and no name
    this.marker.hidden = !(x >= -1 && x <= xaxis._length + 1);
    if (this.marker.hidden) return;
    this.marker.style.transform = `translateX(${xaxis._offset + x}px)`;
    if (this.top !== yaxis._offset || this.tall !== yaxis._length) {
      Object.assign(this, { top: yaxis._offset, tall: yaxis._length });
      Object.assign(this.marker.style, { top: `${this.top}px`, height: `${this.tall}px` });
    }
  }
});
