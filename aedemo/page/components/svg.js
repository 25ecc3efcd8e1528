// A drawing as an SVG: takes the strokes that the drawings of a training run make on a canvas, and writes each down.
aedemo.SvgContext = class {
  constructor(canvas) {
    const { clientWidth: width, clientHeight: height } = canvas;
    Object.assign(this, { canvas, width, height, parts: [], path: "", turned: "", dashes: [], stack: [] });
    Object.assign(this, { fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, lineJoin: "miter", globalAlpha: 1, font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic" });
    this.ruler = new OffscreenCanvas(1, 1).getContext("2d");
  }

  save() {
    this.stack.push(this.turned);
  }

  restore() {
    this.turned = this.stack.pop();
  }

  translate(x, y) {
    this.turned += `translate(${x} ${y})`;
  }

  rotate(angle) {
    this.turned += `rotate(${(180 * angle) / Math.PI})`;
  }

  setLineDash(dashes) {
    this.dashes = dashes;
  }

  measureText(text) {
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  beginPath() {
    this.path = "";
  }

  moveTo(x, y) {
    this.path += `M${x} ${y}`;
  }

  lineTo(x, y) {
    this.path += `${this.path ? "L" : "M"}${x} ${y}`;
  }

  closePath() {
    this.path += "Z";
  }

  // Whole circles: no drawing has another arc.
  arc(x, y, r) {
    this.path += `M${x + r} ${y}A${r} ${r} 0 1 1 ${x - r} ${y}A${r} ${r} 0 1 1 ${x + r} ${y}`;
  }

  put(tag, attributes, text = "") {
    const escaped = (value) => String(typeof value === "number" ? +value.toFixed(2) : value).replace(/[&<"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
    const all = { ...attributes, opacity: this.globalAlpha < 1 && this.globalAlpha, transform: this.turned };
    const written = Object.entries(all).filter(([, value]) => value !== false && value !== "").map(([name, value]) => ` ${name}="${escaped(value)}"`);
    this.parts.push(`<${tag}${written.join("")}>${escaped(text)}</${tag}>`);
  }

  get inked() {
    return { fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth, "stroke-linejoin": this.lineJoin, "stroke-dasharray": this.dashes.join(" ") };
  }

  get rounded() {
    return this.path.replace(/\d+\.\d+/g, (number) => +(+number).toFixed(2));
  }

  stroke() {
    if (this.path) this.put("path", { d: this.rounded, ...this.inked });
  }

  fill() {
    if (this.path) this.put("path", { d: this.rounded, fill: this.fillStyle });
  }

  fillRect(x, y, width, height) {
    this.put("rect", { x, y, width, height, fill: this.fillStyle });
  }

  strokeRect(x, y, width, height) {
    this.put("rect", { x, y, width, height, ...this.inked });
  }

  fillText(text, x, y) {
    const anchor = { center: "middle", right: "end" }[this.textAlign] ?? "start";
    const dy = { middle: "0.35em", top: "0.8em" }[this.textBaseline] ?? "";
    this.put("text", { x, y, dy, "text-anchor": anchor, fill: this.fillStyle, style: `font:${this.font}` }, text);
  }

  // A part of another canvas, as an image of its own.
  drawImage(from, left, top, w, h, x, y, width, height) {
    const copy = Object.assign(document.createElement("canvas"), { width: w, height: h });
    copy.getContext("2d").drawImage(from, left, top, w, h, 0, 0, w, h);
    this.put("image", { href: copy.toDataURL(), x, y, width, height, style: "image-rendering:pixelated" });
  }

  // On white paper.
  toString() {
    const { width, height } = this;
    const paper = `<rect width="${width}" height="${height}" fill="#ffffff"/>`;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${paper}${this.parts.join("\n")}</svg>\n`;
  }
};
