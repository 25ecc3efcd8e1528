// The histogram: as many bars as a frame has, and the line of one value. A frame changes heights alone.
aedemo.part("histogram", class {
  constructor(element) {
    Object.assign(this, { element, bars: element.querySelector(".ae-bars"), here: element.querySelector(".ae-here") });
    [this.low, , this.high] = element.querySelectorAll(".ae-ends span");
  }

  fill(data) {
    this.data = data;
    this.element.hidden = !data.bars.length;
    this.element.style.setProperty("--tint", `var(--v-${data.variant})`);
  }

  frame(frame) {
    if (!this.data?.bars.length) return;
    const [bars, mark, ends] = ["bars", "marks", "ends"].map((name) => aedemo.TabView.at(this.data[name], frame));
    while (this.bars.children.length < bars.length) this.bars.append(document.createElement("i"));
    bars.forEach((height, i) => (this.bars.children[i].style.height = `${100 * height}%`));
    this.here.style.left = `${100 * Math.min(1, Math.max(0, mark))}%`;
    [this.low.textContent, this.high.textContent] = ends;
  }
});
