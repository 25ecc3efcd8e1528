// The choice: what only the server can answer, so a change asks for the scene again.
aedemo.part("choice", class {
  constructor(element, scene) {
    Object.assign(this, { element, scene });
    this.segments = element.querySelector(".ae-segments");
    this.note();
    element.addEventListener("change", () => {
      this.note();
      scene.askIfStale();
    });
  }

  note() {
    this.scene.choices.set(this.element.dataset.name, this.element.querySelector("input:checked")?.value ?? "");
  }

  // As a link says it; where the data set decides what there is, the answer tells whether it exists.
  set(value) {
    const { name } = this.element.dataset;
    for (const input of this.segments.querySelectorAll("input")) input.checked = input.value === value;
    this.scene.choices.set(name, value);
    this.scene.linked.set(name, value);
  }

  // Other options, where they depend on the data set.
  fill({ options, chosen, hidden }) {
    const wanted = this.scene.linked.get(this.element.dataset.name);
    if (wanted !== undefined && wanted !== chosen) aedemo.link.ignore(this.element.dataset.name, wanted);
    const make = ([value, title]) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      const span = document.createElement("span");
      Object.assign(input, { type: "radio", name: `ae-${this.element.dataset.name}`, value });
      input.checked = value === chosen;
      span.textContent = title;
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
    this.scene.asked = this.scene.key(); // the server chose: nothing new to ask
  }
});
