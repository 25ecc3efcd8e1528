// What the tests ask of the page: what it holds, what it shows, whether it has settled. Loaded before the page's own.
window.probe = {
  // The tab shows the image that is chosen now, or has said that it cannot.
  settled(tab) {
    const tabView = window.aedemo?.tabViews.get(tab);
    const state = tabView?.element.dataset.state;
    if (aedemo.active !== tab || !state || state === "asking") return false;
    return state === "failed" || tabView.asked === tabView.key();
  },

  // What is seen is drawn for a window of this width: each figure at the size of its box, and canvases, which follow a new
  // size in the frame after.
  async drawn(width) {
    const frames = async () => [await new Promise(requestAnimationFrame), await new Promise(requestAnimationFrame)];
    const current = ({ data, plot, element: { offsetWidth, clientWidth, clientHeight } }) =>
      !data || !offsetWidth || (plot._fullLayout?.width === clientWidth && plot._fullLayout.height === clientHeight);
    const plots = () => ["figure", "plane"].flatMap((kind) => this.parts(aedemo.active, kind));
    const ends = performance.now() + 60_000;
    do {
      if (performance.now() > ends) throw new Error(`not drawn for a window of ${width} pixels, but of ${innerWidth}`);
      await frames();
    } while (innerWidth !== width || !plots().every(current));
    await frames();
  },

  // A filmstrip whose patches can be changed by hand is a filmstrip too.
  parts(tab, kind) {
    const is = (name) => name === kind || (kind === "filmstrip" && name === "patches");
    return aedemo.tabViews.get(tab).widgets.filter((part) => is(part.element.dataset.widget));
  },

  // `read` of each part of a kind, by name; of those that follow a slider, where one is named.
  by(tab, kind, slider, read) {
    const follows = ({ element, name }) => !slider || element.dataset.slider === slider || name === slider;
    const there = ({ element }) => !("later" in element.dataset); // what arrives after the rest has tests of its own
    return Object.fromEntries(this.parts(tab, kind).filter(follows).filter(there).map((part) => [part.name, read(part)]));
  },

  // What a sprite came as, without what the page made of it.
  sheet({ bitmap, paint, ...data }) {
    return data;
  },

  // Images as text, which can be handed over.
  async written(value) {
    if (value instanceof Blob) {
      const reader = new FileReader();
      return new Promise((done) => Object.assign(reader, { onload: () => done(reader.result) }).readAsDataURL(value));
    }
    if (Array.isArray(value)) return Promise.all(value.map((item) => this.written(item)));
    if (value?.constructor !== Object) return value;
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await this.written(item)])));
  },

  // What came with the last payload for one slider: its labels, and every frame and word that follows it.
  held(tab, slider) {
    return this.written({
      labels: this.by(tab, "slider", slider, (part) => part.labels)[slider],
      filmstrips: this.by(tab, "filmstrip", slider, (part) => this.sheet(part.sprite)),
      texts: this.by(tab, "text", slider, (part) => part.lines),
      tiles: this.by(tab, "images", slider, (part) => this.sheet(part.sprite)),
    });
  },

  plane(tab, name) {
    const { data, sprite } = this.parts(tab, "plane").find((part) => part.name === name);
    return this.written({ ...data, grid: sprite && this.sheet(sprite) });
  },

  figure(tab, name) {
    const { data, layout } = this.parts(tab, "figure").find((part) => part.name === name);
    return { data, layout };
  },

  // What can be seen now; with a slider's name, what follows it and nothing else.
  shown(tab, slider) {
    const by = (kind, read) => this.by(tab, kind, slider, (part) => read(part.element));
    const words = (element, line) => element.querySelector(`[data-line=${line}]`)?.textContent ?? "";
    return {
      sliders: by("slider", (e) => ({ value: +e.querySelector("input").value, words: e.querySelector("output").textContent })),
      filmstrips: by("filmstrip", (e) => ({
        filmstrip: e.dataset.filmstrip, slider: e.dataset.slider, frame: +e.dataset.frame, big: words(e, "big"), small: words(e, "small"),
        print: this.print(e.querySelector("canvas")),
      })),
      texts: by("text", (e) => e.textContent),
      tiles: by("images", (e) => [...e.querySelectorAll("figure:not([hidden])")].map((f) => f.innerText)),
    };
  },

  // A Plotly figure or plane: its ranges, the rectangle of its axes in pixels of its element, its colours and traces.
  plotted(tab, name) {
    const part = [...this.parts(tab, "figure"), ...this.parts(tab, "plane")].find((part) => part.name === name);
    const { _fullLayout: layout, data } = part.plot;
    const { xaxis: x, yaxis: y } = layout;
    return {
      x: [...x.range], y: [...y.range], auto: x.autorange,
      left: x._offset, top: y._offset, width: x._length, height: y._length,
      at: (part.at ?? []).map((value) => x._offset + x.c2p(x.d2c(value))), // where the marker belongs, a frame each
      words: layout.font.color, lines: x.showgrid ? x.gridcolor : null, paper: layout.paper_bgcolor,
      traces: data.map((trace) => ({
        name: trace.name, variant: trace.meta?.variant, colour: trace.line?.color,
        x: [...(trace.x ?? [])], y: [...(trace.y ?? [])],
      })),
    };
  },

  // A number for the pixels of a canvas: others for other images.
  print(canvas) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const words = new Uint32Array(data.buffer);
    let hash = words.length;
    for (const word of words) hash = (Math.imul(hash ^ word, 16777619) ^ (hash >>> 15)) >>> 0;
    return hash;
  },

  // How far a filmstrip's image is from the sidebar's and from each thumbnail's, in grey levels, all at 16×16 pixels.
  distances(tab, name) {
    const small = (canvas) => {
      const copy = new OffscreenCanvas(16, 16).getContext("2d", { willReadFrequently: true });
      copy.imageSmoothingQuality = "high";
      copy.drawImage(canvas, 0, 0, 16, 16);
      return copy.getImageData(0, 0, 16, 16).data;
    };
    const filmstrip = this.parts(tab, "filmstrip").find((part) => part.name === name);
    const own = small(filmstrip.canvas);
    const distance = (canvas) => small(canvas).reduce((sum, v, i) => sum + Math.abs(v - own[i]), 0) / (16 * 16 * 3);
    const sidebar = document.querySelector("#ae-sidebar");
    return {
      sidebar: distance(sidebar.querySelector(".ae-large canvas")),
      thumbs: [...sidebar.querySelectorAll(".ae-thumbs canvas")].map(distance),
      pressed: [...sidebar.querySelectorAll(".ae-thumbs button")].findIndex((b) => b.ariaPressed === "true"),
    };
  },

  // The filmstrips whose title takes two lines, so that their image is lower than its neighbours'.
  twoLines() {
    const headings = [...document.querySelectorAll("figcaption.ae-heading")].filter((e) => e.offsetParent && !e.closest(".ae-decoded"));
    return headings.filter((e) => e.clientHeight > 1.7 * parseFloat(getComputedStyle(e).lineHeight)).map((e) => e.textContent);
  },

  // Elements that stick out of the window on the right, unless something of their own scrolls them.
  sticking() {
    const scrolls = (e) => {
      for (let parent = e.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
        if (/auto|scroll|hidden|clip/.test(getComputedStyle(parent).overflowX)) return true;
      }
      return false;
    };
    return [...document.querySelectorAll("#ae-shell *")]
      .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e))
      .map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`);
  },
};
