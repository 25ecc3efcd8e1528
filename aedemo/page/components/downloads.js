// Taking a figure away: Plotly writes PNG and SVG in the browser; a figure's numbers become CSV here, and the server
// writes a plane's codes.
aedemo.part("downloads", class {
  constructor(element, tabView) {
    Object.assign(this, { element, tabView });
    element.addEventListener("click", (event) => {
      const { save, address } = event.target.dataset;
      if (save === "csv") address ? this.fetchCodes(address) : this.write();
      else if (save) this.draw(save);
    });
  }

  get fileName() {
    return `${this.element.dataset.file}-${aedemo.state.data}`;
  }

  get part() {
    return this.tabView.widgets.find(({ name }) => name === this.element.dataset.of);
  }

  // On white paper with dark ink, whatever the page's mode: it ends in a handout.
  async draw(format) {
    const drawing = aedemo.inLight(() => this.part?.drawing?.());
    if (!drawing) return;
    const Plotly = await aedemo.plotly();
    const paper = { paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", font: { ...drawing.layout.font, color: "#1b2230" } };
    const layout = { ...drawing.layout, ...paper, width: 900, height: 640 };
    await Plotly.downloadImage({ data: drawing.data, layout }, { format, filename: this.fileName, width: 900, height: 640, scale: 2 });
  }

  async fetchCodes(address) {
    const asked = new URLSearchParams({ data: aedemo.state.data, ...Object.fromEntries(this.tabView.choices) });
    this.save(aedemo.codes ? await aedemo.codes(asked) : `${aedemo.address(address)}?${asked}`);
  }

  write() {
    const quoted = (value) => (/[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value);
    const lines = this.part.table().map((row) => row.map((value) => quoted(value ?? "")).join(","));
    const address = URL.createObjectURL(new Blob([lines.join("\n"), "\n"], { type: "text/csv" }));
    this.save(address);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  save(address) {
    const link = document.createElement("a");
    Object.assign(link, { href: address, download: `${this.fileName}.csv` });
    link.click();
  }
});
