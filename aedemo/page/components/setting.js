// A setting: a choice among many values as a menu, or as a slider that says its value. The tabView hears of it when it rests.
aedemo.part("setting", class {
  constructor(element, tabView) {
    Object.assign(this, { element, tabView });
    this.box = element.querySelector("select, input");
    this.output = element.querySelector("output");
    this.values = element.dataset.values?.split(" ") ?? [...this.box.options].map(({ value }) => value);
    this.note();
    this.box.addEventListener("input", () => this.note());
    this.box.addEventListener("change", () => tabView.askIfStale());
  }

  get value() {
    return this.output ? this.values[+this.box.value] : this.box.value;
  }

  // What is chosen, in the words that a person reads.
  get words() {
    return this.output ? this.value : this.box.selectedOptions[0].textContent;
  }

  note() {
    this.tabView.choices.set(this.element.dataset.name, this.value);
    if (!this.output) return;
    this.output.textContent = this.value;
    this.box.setAttribute("aria-valuetext", this.value);
    this.box.style.setProperty("--fill", this.box.value / this.box.max);
  }

  set(value) {
    this.box.value = this.output ? this.values.indexOf(value) : value;
    this.note();
  }
});
