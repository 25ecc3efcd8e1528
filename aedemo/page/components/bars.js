// The code as bars: one a unit, from zero to its value, over a thin line where the values of test images lie. Of a wide
// code all units stand in a comb, and the strongest are bars. A bar that can be dragged is a slider to keys and readers.
(() => {
  const { traversal_steps: STEPS } = aedemoSettings.constants; // from one end of a unit's range to the other
  const KEYS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 5, PageDown: -5, Home: -STEPS, End: STEPS };
  const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
  const number = (value) => value.toFixed(Math.abs(value) < 1 ? 2 : 1).replace("-", "−");

  aedemo.unitName = (unit) => `z${[...String(unit + 1)].map((digit) => SUBSCRIPTS[digit]).join("")}`;
  aedemo.unitWords = (unit, value) => `${aedemo.unitName(unit)} = ${number(value)}`;

  // The values that a bar [unit, value, low, high, own] can be set to; the one at `own` is the image's.
  aedemo.unitValue = ([, value, low, high, own], step) => (step === own ? value : low + ((high - low) * step) / STEPS);

  // `set(bar, step)` is called with the step that a bar is dragged to.
  aedemo.Bars = class {
    constructor(set) {
      this.set = set;
      this.cells = [];
      this.node = document.createElement("div");
      this.comb = document.createElement("canvas");
      this.row = document.createElement("div");
      this.node.className = "ae-code";
      this.comb.className = "ae-comb";
      this.row.className = "ae-units";
      this.node.append(this.comb, this.row);
    }

    cell(i) {
      if (this.cells[i]) return this.cells[i];
      const node = document.createElement("div");
      const [span, fill, words] = ["i", "i", "b"].map((tag) => node.appendChild(document.createElement(tag)));
      const cell = { node, span, fill, words };
      node.className = "ae-unit";
      span.className = "ae-span";
      node.addEventListener("pointerdown", (event) => this.press(cell, event));
      node.addEventListener("pointermove", (event) => node.hasPointerCapture(event.pointerId) && this.point(cell, event));
      node.addEventListener("dblclick", () => cell.handle && this.set(cell.bar, cell.bar[4]));
      node.addEventListener("keydown", (event) => this.key(cell, event));
      this.row.append(node);
      return (this.cells[i] = cell);
    }

    // moved: {unit, step} of the one that was dragged, or null; still: nothing can be dragged here.
    update({ bars, units = "" }, moved, still) {
      const ends = bars.flatMap(([, value, low = 0, high = 0]) => [value, low, high]);
      this.low = Math.min(0, ...ends);
      this.high = Math.max(0, ...ends);
      if (this.low === this.high) this.high = 1;
      this.row.style.setProperty("--zero", this.share(0));
      bars.forEach((bar, i) => this.fill(this.cell(i), bar, moved, still));
      for (const cell of this.cells.splice(bars.length)) cell.node.remove();
      this.units = units;
      this.comb.hidden = !units;
      if (units) this.paint();
    }

    // The values stand under the bars where they have room beside each other, and over the caption, which begins at `floor`.
    fit(floor) {
      this.node.classList.add("valued");
      const boxes = this.cells.map(({ words }) => words.getBoundingClientRect());
      const { left, right } = this.node.getBoundingClientRect();
      const touching = boxes.some((box, i) => box.bottom > floor || box.left < (i ? boxes[i - 1].right + 2 : left - 6));
      this.node.classList.toggle("valued", !touching && (boxes.at(-1)?.right ?? 0) < right + 6);
    }

    share(value) {
      return (value - this.low) / (this.high - this.low);
    }

    fill(cell, bar, moved, still) {
      const [unit, own, low, high] = bar;
      const { node, span, fill, words } = cell;
      const step = moved?.unit === unit ? moved.step : bar[4];
      const value = moved?.unit === unit ? aedemo.unitValue(bar, step) : own;
      Object.assign(cell, { bar, step, handle: low !== undefined && !still });
      node.classList.toggle("moved", moved?.unit === unit);
      const [from, to] = [Math.min(0, value), Math.max(0, value)].map((end) => this.share(end));
      fill.style.cssText = `bottom:${100 * from}%;height:${100 * (to - from)}%`;
      span.hidden = low === undefined;
      if (low !== undefined) span.style.cssText = `bottom:${100 * this.share(low)}%;height:${100 * (this.share(high) - this.share(low))}%`;
      words.textContent = number(value);
      const slider = { role: "slider", tabIndex: 0, ariaLabel: `Unit ${unit + 1} of the code`, ariaOrientation: "vertical", ariaValueMin: low, ariaValueMax: high, ariaValueNow: Number(value.toPrecision(4)), ariaValueText: number(value) };
      if (cell.handle) Object.assign(node, slider);
      else for (const name of ["role", "tabindex", "aria-label", "aria-orientation", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"]) node.removeAttribute(name);
      words.ariaHidden = String(cell.handle);
    }

    press(cell, event) {
      if (!cell.handle || event.button) return;
      cell.node.setPointerCapture(event.pointerId);
      cell.node.focus({ preventScroll: true });
      event.preventDefault();
      cell.from = [event.clientX, event.clientY]; // a click that does not move changes nothing
    }

    point(cell, event) {
      if (Math.hypot(event.clientX - cell.from[0], event.clientY - cell.from[1]) < 3) return;
      cell.from = [Infinity, Infinity];
      const { bottom, height } = this.row.getBoundingClientRect();
      const value = this.low + ((bottom - event.clientY) / height) * (this.high - this.low);
      const [, , low, high] = cell.bar;
      this.go(cell, Math.round((STEPS * (value - low)) / (high - low)));
    }

    key(cell, event) {
      if (!cell.handle) return;
      const back = ["Escape", "Delete", "Backspace"].includes(event.key);
      if (!back && !(event.key in KEYS)) return;
      event.preventDefault();
      this.go(cell, back ? cell.bar[4] : cell.step + KEYS[event.key]);
    }

    go(cell, step) {
      const [, , low, high] = cell.bar;
      if (high > low) this.set(cell.bar, Math.max(0, Math.min(STEPS, step)));
    }

    // A wide code: a faint tick for each unit, and those that are active lit, as high as they are.
    paint() {
      const { comb, units } = this;
      const [width, height] = [comb.clientWidth, comb.clientHeight].map((side) => Math.max(1, Math.round(side * devicePixelRatio)));
      Object.assign(comb, { width, height });
      const context = comb.getContext("2d");
      const room = width / units.length;
      const tint = aedemo.css("--tint", comb);
      [...units].forEach((digit, i) => {
        const level = parseInt(digit, 16) / 15;
        const thick = level ? Math.max(2 * devicePixelRatio, 0.7 * room) : Math.max(1, 0.35 * room);
        const high = level ? Math.max(0.2, level) * height : devicePixelRatio * 2;
        context.fillStyle = level ? tint : aedemo.css("--ae-line");
        context.fillRect((i + 0.5) * room - thick / 2, height - high, thick, high);
      });
    }
  };
})();
