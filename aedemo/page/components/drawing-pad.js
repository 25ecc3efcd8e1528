// Drawing pad: strokes are kept as points, so that each can be undone. Mouse, finger and pen.
aedemo.Drawing = class {
  constructor(element, changed) {
    Object.assign(this, { element, changed, strokes: [], cleared: null });
    this.pad = element.querySelector(".ae-pad");
    this.context = this.pad.getContext("2d");
    this.pad.addEventListener("pointerdown", (event) => this.begin(event));
    this.pad.addEventListener("pointermove", (event) => this.go(event));
    for (const end of ["pointerup", "pointercancel"]) this.pad.addEventListener(end, (event) => event.pointerId === this.pointer && (this.stroke = null));
    element.querySelector("[data-do=undo]").onclick = () => this.undo();
    element.querySelector("[data-do=clear]").onclick = () => this.clear();
  }

  // What is sent: not the pixels, which some browsers change when a page reads them; the server draws the same.
  get json() {
    const { ground, ink } = this;
    const strokes = this.strokes.map((stroke) => ({ ...stroke, points: stroke.points.map((point) => point.map((x) => Math.round(10 * x) / 10)) }));
    return JSON.stringify({ ground, ink, strokes });
  }

  // Light ink on dark where the data set has it so, dark ink on paper elsewhere.
  show(dark) {
    this.ground = dark ? "#000000" : "#ffffff";
    this.ink = dark ? "#ffffff" : "#1b2230";
    this.paint();
  }

  begin(event) {
    if (event.button || this.stroke) return; // a second finger, or a palm
    event.preventDefault();
    this.pad.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    const eraser = this.element.querySelector("input[value=eraser]").checked;
    this.stroke = { eraser, width: +this.element.querySelector("#pen-size").value, points: [this.place(event)] };
    this.strokes.push(this.stroke);
    this.draw(this.stroke, 0);
    this.changed();
  }

  go(event) {
    if (!this.stroke || event.pointerId !== this.pointer) return;
    const before = this.stroke.points.length;
    // A fast hand leaves several places between two frames.
    const moves = event.getCoalescedEvents?.() ?? [];
    this.stroke.points.push(...(moves.length ? moves : [event]).map((move) => this.place(move)));
    this.draw(this.stroke, before - 1);
    this.changed();
  }

  place(event) {
    const { left, top, width, height } = this.pad.getBoundingClientRect();
    return [((event.clientX - left) * this.pad.width) / width, ((event.clientY - top) * this.pad.height) / height];
  }

  draw({ eraser, width, points }, from) {
    const { context } = this;
    Object.assign(context, { lineCap: "round", lineJoin: "round", lineWidth: width, strokeStyle: eraser ? this.ground : this.ink });
    context.beginPath();
    context.moveTo(...points[from]);
    const [[x, y]] = points;
    if (points.length === 1) context.lineTo(x + 0.01, y); // a dot: of a line without length some browsers draw nothing
    for (const point of points.slice(from + 1)) context.lineTo(...point);
    context.stroke();
  }

  paint() {
    this.context.fillStyle = this.ground;
    this.context.fillRect(0, 0, this.pad.width, this.pad.height);
    for (const stroke of this.strokes) this.draw(stroke, 0);
  }

  undo() {
    if (this.cleared && !this.strokes.length) [this.strokes, this.cleared] = [this.cleared, null];
    else this.strokes.pop();
    this.repaint();
  }

  // All at once, and one undo brings it back.
  clear() {
    if (this.strokes.length) [this.cleared, this.strokes] = [this.strokes, []];
    this.repaint();
  }

  repaint() {
    this.paint();
    this.changed();
  }
};
