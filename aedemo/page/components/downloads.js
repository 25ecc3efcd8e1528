// Taking a figure away: Plotly writes PNG and SVG in the browser, the server writes a plane's codes as CSV.
aedemo.part("downloads", class {
  constructor(element, scene) {
    Object.assign(this, { element, scene });
    element.addEventListener("click", (event) => {
      const { save, address } = event.target.dataset;
      if (save === "csv") this.fetchCodes(address);
      else if (save) this.draw(save);
    });
  }

  get fileName() {
    return `${this.element.dataset.file}-${aedemo.state.data}`;
  }

  // On white paper with dark ink, whatever the page's mode: it ends in a handout.
  async draw(format) {
    const part = this.scene.parts.find(({ name }) => name === this.element.dataset.of);
    const drawing = part?.drawing?.();
    if (!drawing) return;
    const Plotly = await aedemo.plotly();
    const paper = { paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", font: { ...drawing.layout.font, color: "#1b2230" } };
    const layout = { ...drawing.layout, ...paper, width: 900, height: 640 };
    await Plotly.downloadImage({ data: drawing.data, layout }, { format, filename: this.fileName, width: 900, height: 640, scale: 2 });
  }

  fetchCodes(address) {
    const asked = new URLSearchParams({ data: aedemo.state.data, ...Object.fromEntries(this.scene.choices) });
    const link = document.createElement("a");
    Object.assign(link, { href: `${aedemo.address(address)}?${asked}`, download: `${this.fileName}.csv` });
    link.click();
  }
});
