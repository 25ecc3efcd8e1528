// Masked frames whose patches are hidden and shown by hand. The change is drawn here at once; the reconstructions come
// from the server. Until a kind of mask is chosen again, the mask made by hand stays, over other images too.
const { by_hand: BY_HAND, masked_grey: MASKED_GREY } = aedemoSettings.constants;
aedemo.part("patches", class extends aedemo.widgets.filmstrip {
  constructor(element, tabView) {
    super(element, tabView);
    Object.assign(this, { handMade: null, mask: [], cursor: 0, brush: null, touched: null });
    [this.kind, this.hand] = element.dataset.picks.split(" ");
    this.outline = document.createElement("div");
    Object.assign(this.outline, { className: "ae-patch", hidden: true });
    this.image.append(this.outline);
    this.image.tabIndex = 0;
    this.image.setAttribute("role", "application"); // which has the arrow keys from a screen reader
    this.spoken = Object.assign(document.createElement("span"), { className: "ae-unseen", ariaLive: "polite" });
    element.append(this.spoken);
    this.image.addEventListener("pointerdown", (event) => this.press(event));
    this.image.addEventListener("pointermove", (event) => this.stroke(event));
    this.image.addEventListener("keydown", (event) => this.key(event));
    this.image.addEventListener("pointerup", () => this.release(true));
    this.image.addEventListener("pointercancel", () => this.release(false));
    for (const away of ["pointerleave", "blur"]) this.image.addEventListener(away, () => (this.outline.hidden = true));
    // Before the choice asks the server: by hand begins with the mask that is seen, and another kind has none of it.
    tabView.element.addEventListener("change", ({ target }) => target.name === `ae-${this.kind}` && this.begins(target.value), true);
    this.image.addEventListener("focus", () => this.image.matches(":focus-visible") && this.point(this.cursor));
  }

  // A mask that a link says fits the grid, or another takes its place.
  fill(data, sprite) {
    super.fill(data, sprite);
    if (aedemo.onDemand) sprite.small = []; // where it says that the mask can be changed
    const wanted = this.tabView.linked.get(this.hand);
    if (wanted && sprite.masks[0] !== wanted) aedemo.link.ignore(this.hand, wanted);
  }

  begins(kind) {
    if (kind === BY_HAND && this.sprite) this.tabView.choices.set(this.hand, this.write(this.mask));
    else this.tabView.choices.delete(this.hand);
  }

  get patches() {
    const [rows, columns] = this.sprite.grid;
    return rows * columns;
  }

  get byHand() {
    return this.tabView.choices.get(this.kind) === BY_HAND;
  }

  frame(frame) {
    super.frame(frame);
    if (!this.sprite) return;
    if (!this.byHand || this.handMade?.length !== this.patches) this.handMade = null;
    this.mask = this.handMade ?? this.read(aedemo.TabView.at(this.sprite.masks, frame));
    if (this.handMade) this.paint();
    const help = "Arrow keys choose a patch, Space hides or shows it.";
    this.image.setAttribute("aria-label", `${this.image.getAttribute("aria-label")}. ${help}`);
  }

  read(digits) {
    return [...digits].flatMap((digit) => [8, 4, 2, 1].map((bit) => Boolean(parseInt(digit, 16) & bit))).slice(0, this.patches);
  }

  write(mask) {
    const bits = [...mask.map(Number), 0, 0, 0];
    return Array.from({ length: Math.ceil(mask.length / 4) }, (_, k) =>
      bits.slice(4 * k, 4 * k + 4).reduce((sum, bit) => 2 * sum + bit).toString(16)).join("");
  }

  // --- pointer and keys ----------------------------------------------------------------------------------------
  place(event) {
    const [rows, columns] = this.sprite.grid;
    const { left, top, width, height } = this.image.getBoundingClientRect();
    const inside = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    return inside((event.clientY - top) / height, rows) * columns + inside((event.clientX - left) / width, columns);
  }

  press(event) {
    if (!this.sprite || event.button) return;
    this.image.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch") this.touched = event; // it may be about to scroll the page
    else this.begin(event);
  }

  begin(event) {
    this.touched = null;
    this.brush = !this.mask[this.place(event)]; // the first patch says whether this stroke hides or shows
    this.change(this.place(event), this.brush);
  }

  release(done) {
    if (done && this.touched) this.begin(this.touched); // a tap
    this.brush = this.touched = null;
  }

  stroke(event) {
    if (!this.sprite) return;
    this.point(this.place(event));
    if (this.touched && Math.abs(event.clientX - this.touched.clientX) > 8) this.begin(this.touched);
    if (this.brush === null) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) this.change(this.place(move), this.brush);
  }

  key(event) {
    if (!this.sprite) return;
    const [rows, columns] = this.sprite.grid;
    const [row, column] = [Math.floor(this.cursor / columns), this.cursor % columns];
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === " ") this.change(this.cursor, !this.mask[this.cursor]);
    else if (steps[event.key]) {
      const [down, across] = steps[event.key];
      const within = (place, count) => Math.min(count - 1, Math.max(0, place));
      this.point(within(row + down, rows) * columns + within(column + across, columns));
    } else return;
    const [at, of] = [Math.floor(this.cursor / columns), this.cursor % columns];
    this.spoken.textContent = `Row ${at + 1}, column ${of + 1}: ${this.mask[this.cursor] ? "hidden" : "visible"}`;
    event.preventDefault();
  }

  point(patch) {
    const [rows, columns] = this.sprite.grid;
    this.cursor = patch;
    Object.assign(this.outline.style, {
      left: `${(100 * (patch % columns)) / columns}%`, top: `${(100 * Math.floor(patch / columns)) / rows}%`,
      width: `${100 / columns}%`, height: `${100 / rows}%`,
    });
    this.outline.hidden = false;
  }

  // --- the mask ------------------------------------------------------------------------------------------------
  change(patch, hidden) {
    if (this.mask[patch] === hidden) return;
    const mask = this.mask.with(patch, hidden);
    if (mask.every(Boolean)) return; // one patch stays visible
    if (aedemo.onDemand) return this.tabView.say(aedemo.onDemand(this.tabView.name, this.hand));
    this.handMade = this.mask = mask;
    this.paint();
    this.tabView.choices.set(this.kind, BY_HAND);
    this.tabView.choices.set(this.hand, this.write(mask));
    this.tabView.askIfStale();
  }

  paint() {
    const clean = this.tabView.widgets.find(({ name }) => name === this.element.dataset.clean)?.sprite;
    if (!clean) return;
    aedemo.draw(this.canvas, clean, 0);
    this.drawn = null;
    const [rows, columns] = this.sprite.grid;
    const [height, width] = [clean.height / rows, clean.width / columns];
    const context = this.canvas.getContext("2d");
    context.fillStyle = `rgb(${MASKED_GREY} ${MASKED_GREY} ${MASKED_GREY})`;
    this.mask.forEach((hidden, patch) => {
      if (hidden) context.fillRect((patch % columns) * width, Math.floor(patch / columns) * height, width, height);
    });
  }
});
