// A slot of text: one string, or one for each frame of its slider. Never HTML.
aedemo.part("text", class {
  constructor(element) {
    this.element = element;
    this.lines = [];
  }

  fill(data) {
    this.lines = (Array.isArray(data) ? data : [data]).map(aedemo.unbroken);
  }

  frame(frame) {
    this.element.textContent = aedemo.TabView.at(this.lines, frame) ?? "";
  }
});
