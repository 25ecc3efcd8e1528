// A link to another tab with the settings that are seen here. Its address opens the same in a window of its own.
aedemo.part("lead", class {
  constructor(element) {
    Object.assign(this, { element, lines: [] });
    for (const type of ["pointerenter", "focus"]) element.addEventListener(type, () => this.write());
    element.addEventListener("click", (event) => this.follow(event));
  }

  fill(data) {
    this.lines = Array.isArray(data) ? data : [data];
    if (this.lines[0] && !aedemo.isLocked("tab")) this.element.setAttribute("href", "#"); // without it, an <a> is no link
  }

  frame(frame) {
    this.query = aedemo.TabView.at(this.lines, frame);
  }

  write() {
    const changed = Object.fromEntries(new URLSearchParams(this.query));
    if (this.element.hasAttribute("href")) this.element.setAttribute("href", `#${aedemo.link.text(changed)}`);
  }

  follow(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!this.element.hasAttribute("href")) return;
    aedemo.link.open(this.query);
    const tabs = document.getElementById("ae-tabs");
    if (tabs.getBoundingClientRect().top < 0) tabs.scrollIntoView();
  }
});
