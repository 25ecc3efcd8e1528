// The choice: what only the server can answer, so a change asks for the tabView again.
aedemo.part("choice", class {
  constructor(element, tabView) {
    Object.assign(this, { element, tabView });
    this.segments = element.querySelector(".ae-segments");
    this.note();
    element.addEventListener("change", () => {
      this.note();
      tabView.askIfStale();
    });
  }

  note() {
    this.tabView.choices.set(this.element.dataset.name, this.element.querySelector("input:checked")?.value ?? "");
  }

  // As a link says it; where the data set decides what there is, the response tells whether it exists.
  set(value) {
    const { name } = this.element.dataset;
    for (const input of this.segments.querySelectorAll("input")) input.checked = input.value === value;
    this.tabView.choices.set(name, value);
    this.tabView.linked.set(name, value);
  }

  // Other options, where they depend on the data set.
  fill({ options, chosen, hidden }) {
    const wanted = this.tabView.linked.get(this.element.dataset.name);
    if (wanted !== undefined && wanted !== chosen) aedemo.link.ignore(this.element.dataset.name, wanted);
    const make = ([value, title]) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      const span = document.createElement("span");
      Object.assign(input, { type: "radio", name: `ae-${this.element.dataset.name}`, value });
      input.checked = value === chosen;
      span.textContent = aedemo.unbroken(title);
      label.append(input, span);
      return label;
    };
    const shown = [...this.segments.querySelectorAll("input")].map((input) => input.value);
    if (JSON.stringify(shown) === JSON.stringify(options.map(([value]) => value))) {
      for (const input of this.segments.querySelectorAll("input")) input.checked = input.value === chosen;
    } else {
      this.segments.replaceChildren(...options.map(make));
    }
    this.element.hidden = hidden || !options.length;
    this.note();
    this.tabView.asked = this.tabView.key(); // the server chose: nothing new to ask
  }
});
