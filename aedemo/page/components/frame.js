// The frame over an image: the part that the models see. Moved and resized by mouse, finger and keys; a square where
// the models see one. It is [left, top, right, bottom] in fractions of the image.
aedemo.Frame = class {
  constructor(element, changed) {
    Object.assign(this, { element, changed }); // changed(whether it still moves)
    this.frame = element.querySelector(".ae-frame");
    this.marks = element.querySelector(".ae-candidates");
    this.frame.addEventListener("pointerdown", (event) => this.grab(event));
    this.frame.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.frame.addEventListener(end, () => this.drop());
    this.frame.addEventListener("keydown", (event) => this.key(event));
    this.frame.addEventListener("keyup", () => this.rest());
    this.frame.addEventListener("blur", () => this.rest());
  }

  // size: of the image in pixels; square: whether the frame stays one.
  open(size, square) {
    Object.assign(this, { size, square });
    this.element.classList.toggle("ae-square", square);
  }

  // Where else something stands: buttons over the image, without the one that the frame is on.
  offer(candidates, choose) {
    const others = candidates.filter((one) => one.some((side, i) => Math.abs(side - this.sides[i]) > 0.002));
    this.marks.replaceChildren(...others.map((sides, i) => {
      const mark = Object.assign(document.createElement("button"), { type: "button", title: "Take this one" });
      mark.setAttribute("aria-label", `Take mark ${i + 1} of ${others.length}: ${this.words(sides)}`);
      mark.onclick = () => choose(sides);
      this.lay(mark, sides);
      return mark;
    }));
  }

  set(sides) {
    this.sides = sides;
    const shade = this.element.querySelector(".ae-shade > div");
    for (const element of [this.frame, shade]) this.lay(element, sides);
    this.frame.setAttribute("aria-valuetext", this.words(sides));
    this.frame.setAttribute("aria-valuenow", Math.round(100 * (sides[2] - sides[0]) * (sides[3] - sides[1])));
  }

  lay(element, [left, top, right, bottom]) {
    const percent = (part) => `${(100 * part).toFixed(3)}%`;
    Object.assign(element.style, { left: percent(left), top: percent(top), width: percent(right - left), height: percent(bottom - top) });
  }

  words([left, top, right, bottom]) {
    const percent = (part) => `${Math.round(100 * part)}\u00a0%`;
    return `${percent(right - left)} wide and ${percent(bottom - top)} high, ${percent(left)} from the left and ${percent(top)} from the top`;
  }

  get text() {
    return this.sides.map((side) => side.toFixed(4)).join();
  }

  // All of the image, or the largest square in its middle.
  whole() {
    const [width, height] = this.size;
    const side = Math.min(width, height);
    const [x, y] = this.square ? [(1 - side / width) / 2, (1 - side / height) / 2] : [0, 0];
    return [x, y, 1 - x, 1 - y];
  }

  // --- moving and resizing: all in fractions, by dx and dy ---------------------------------------------------------
  moved([left, top, right, bottom], dx, dy) {
    const x = Math.min(1 - right, Math.max(-left, dx));
    const y = Math.min(1 - bottom, Math.max(-top, dy));
    return [left + x, top + y, right + x, bottom + y];
  }

  // One side or corner, named as compasses do, follows; of a square the longer way counts, so far as there is room.
  resized(sides, grip, dx, dy) {
    const least = this.size.map((length) => Math.min(1, Math.max(0.03, 8 / length)));
    const [width, height] = this.size;
    const found = [...sides];
    const pull = (axis, near, far) => {
      const by = axis ? dy : dx;
      if (grip.includes(near)) found[axis] = Math.min(found[axis + 2] - least[axis], Math.max(0, found[axis] + by));
      if (grip.includes(far)) found[axis + 2] = Math.max(found[axis] + least[axis], Math.min(1, found[axis + 2] + by));
    };
    pull(0, "w", "e");
    pull(1, "n", "s");
    if (!this.square) return found;
    const [left, top, right, bottom] = sides;
    const room = [grip.includes("w") ? right : 1 - left, grip.includes("n") ? bottom : 1 - top];
    const lengths = [(found[2] - found[0]) * width, (found[3] - found[1]) * height];
    const shrinks = found.some((edge, i) => (i < 2 ? edge > sides[i] : edge < sides[i]));
    const side = Math.min((shrinks ? Math.min : Math.max)(...lengths), room[0] * width, room[1] * height);
    const [w, h] = [side / width, side / height];
    return [grip.includes("w") ? right - w : left, grip.includes("n") ? bottom - h : top, grip.includes("w") ? right : left + w, grip.includes("n") ? bottom : top + h];
  }

  grab(event) {
    if (event.button || this.grabbed) return; // a second finger
    this.frame.setPointerCapture(event.pointerId);
    this.grabbed = { pointer: event.pointerId, x: event.clientX, y: event.clientY, sides: this.sides, grip: event.target.dataset.grip };
  }

  drag(event) {
    if (event.pointerId !== this.grabbed?.pointer) return;
    const { x, y, sides, grip } = this.grabbed;
    const { width, height } = this.element.getBoundingClientRect();
    const by = [(event.clientX - x) / width, (event.clientY - y) / height];
    this.set(grip ? this.resized(sides, grip, ...by) : this.moved(sides, ...by));
    this.moving = true;
    this.changed(true);
  }

  drop() {
    this.grabbed = null;
    this.rest();
  }

  rest() {
    if (this.moving) this.changed(false);
    this.moving = false;
  }

  key(event) {
    const step = 0.02;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    const grows = { "+": step, "=": step, "-": -step }[event.key];
    if (!way && !grows) return;
    event.preventDefault();
    if (grows) this.set(this.resized(this.resized(this.sides, "nw", -grows, -grows), "se", grows, grows));
    else if (event.shiftKey && this.square) this.set(this.resized(this.sides, "se", way[0] + way[1], way[0] + way[1]));
    else this.set(event.shiftKey ? this.resized(this.sides, "se", ...way) : this.moved(this.sides, ...way));
    this.moving = true;
    this.changed(true);
  }
};
