// The settings of a training run: which of them mean something now, and the address of the run that they make.
(() => {
  const { training_prefix: PREFIX, training_used_by: USED_BY } = aedemoSettings.constants; // the prefix of names in links
  // Whether a setting means something for the network and the data that are chosen.
  const means = (name, { variant, dimension }) => (name === "noise" ? dimension !== undefined : !USED_BY[name] || USED_BY[name].includes(variant));

  aedemo.TrainingSettings = class {
    constructor(element, tabView) {
      Object.assign(this, { element, tabView, dimensions: JSON.parse(element.dataset.dimensions) });
    }

    control(name) {
      return this.tabView.widgets.find((part) => part.name === PREFIX + name);
    }

    // By their names on the server; dimension: of points, none of images.
    get chosen() {
      const pairs = [...this.tabView.choices].filter(([name]) => name !== `${PREFIX}step`);
      const settings = Object.fromEntries(pairs.map(([name, value]) => [name.slice(PREFIX.length), value]));
      return { ...settings, dimension: this.dimensions[settings.data] };
    }

    // Hides the controls that mean nothing now. A code must be smaller than the points that a person changes to.
    adjust() {
      const { dimension } = this.chosen;
      const code = this.control("latent_dim");
      if ("dimension" in this && dimension !== this.dimension) code.set(String(dimension ? dimension - 1 : 2));
      this.dimension = dimension;
      const { chosen } = this;
      for (const label of code.segments.children) {
        const { value } = label.firstElementChild;
        label.hidden = dimension < +value && value !== chosen.latent_dim; // what a link chose is seen, and refused
      }
      for (const name of ["noise", ...Object.keys(USED_BY)]) this.control(name).element.hidden = !means(name, chosen);
      this.element.querySelector(".ae-brought").hidden = chosen.data !== "custom";
      const words = (name, around = (value) => value) => !this.control(name).element.hidden && around(this.control(name).words);
      this.tabView.element.querySelector("[data-says=settings]").textContent = [
        words("hidden", (count) => `${count} hidden units`), words("activation"), words("optimizer"),
        words("learning_rate", (rate) => `learning rate ${rate}`), words("batch_size", (size) => `batches of ${size}`),
      ].filter(Boolean).join(" · ");
    }

    // The address of the run; what means nothing there is left out. images: one's own, as a record.
    address(images) {
      this.adjust();
      const { dimension, ...settings } = this.chosen;
      const query = new URLSearchParams(Object.entries(settings).filter(([name]) => means(name, { ...settings, dimension })));
      if (settings.data === "custom" && images) query.set("channels", images.images.shape[1]);
      query.set("v", aedemoSettings.release);
      return `/training?${query}`;
    }
  };
})();
