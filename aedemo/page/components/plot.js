// Plotly: loaded when the first figure is seen, painted in the page's colours, repainted when light turns dark.
(() => {
  let loading;

  aedemo.plotly = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = aedemo.address(aedemoSettings.plotly);
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => {
        loading = undefined; // the next figure tries again
        reject(new Error("plotly.js could not be loaded"));
      };
      document.head.append(script);
    });
    return loading;
  };

  const axis = (overrides, colors, room) => ({
    gridcolor: colors.line, linecolor: colors.line, zerolinecolor: colors.line, tickcolor: colors.line,
    automargin: true, fixedrange: false, ...overrides,
    title: { standoff: 10, ...overrides?.title, text: lines(overrides?.title?.text ?? "", room) },
  });

  // The figures' type in pixels: it grows with the browser's own.
  const type = () => (parseFloat(aedemo.css("--ae-figure-type")) * parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16;

  const family = () => aedemo.css("font-family", document.querySelector(".ae-tab-view"));

  // How many letters of the figures' type stand in so many pixels.
  const letters = (pixels) => {
    // Measured, since a browser may show no type below a size of its own, or space letters out.
    const sample = Object.assign(document.createElement("span"), { textContent: "squared error per value" });
    Object.assign(sample.style, { position: "absolute", visibility: "hidden", whiteSpace: "nowrap", font: `${type()}px ${family()}` });
    document.body.append(sample);
    const letter = sample.getBoundingClientRect().width / sample.textContent.length;
    sample.remove();
    return Math.max(6, Math.floor(pixels / letter));
  };

  // Words in as many lines as they need, each of so many letters at most.
  const lines = (words, room) => {
    const made = [""];
    for (const word of words.split(" ")) {
      const longer = `${made.at(-1)} ${word}`.trim();
      longer.length > room && made.at(-1) ? made.push(word) : (made[made.length - 1] = longer);
    }
    return made.join("<br>");
  };

  // The figure's own layout over the page's: paper of the card, quiet ink, system font, one zoom a data set.
  aedemo.layout = (overrides) => {
    const colors = { ink: aedemo.css("--ae-ink"), quiet: aedemo.css("--ae-quiet"), line: aedemo.css("--ae-line") };
    const layout = {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: family(), size: type(), color: colors.quiet },
      margin: { l: 8, r: 12, t: 12, b: 8 },
      legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, maxheight: 2000, font: { color: colors.ink } },
      hoverlabel: { bgcolor: aedemo.css("--ae-card"), bordercolor: colors.line, font: { color: colors.ink } },
      // A finger over a figure scrolls the page; a mouse zooms.
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
      uirevision: aedemo.state.data,
      ...overrides,
    };
    // Beside the plot stand the ticks of an axis, above it the legend, below it the other axis.
    const rooms = { x: letters((overrides.width ?? Infinity) - 130), y: letters(0.6 * (overrides.height ?? Infinity)) };
    for (const key of new Set(["xaxis", "yaxis", ...Object.keys(overrides)])) {
      if (/^[xy]axis\d*$/.test(key)) layout[key] = axis(overrides[key], colors, rooms[key[0]]);
    }
    return layout;
  };

  // Whether anything can be drawn in space.
  let webgl;
  aedemo.webgl = () => (webgl ??= Boolean(document.createElement("canvas").getContext("webgl")));

  // Traces that name a variant wear its colour of this mode, and their names break where the figure is too narrow.
  aedemo.traces = (data, width = Infinity) =>
    data.map((trace) => {
      if (!trace.meta?.variant) return trace;
      const color = aedemo.css(`--v-${trace.meta.variant}`);
      return { ...trace, name: lines(trace.name, letters(width - 70)), line: { ...trace.line, color }, marker: { ...trace.marker, color } };
    });

  // What `run` answers as if it were light: colours for white paper.
  aedemo.inLight = (run) => {
    const { classList } = document.body;
    const dark = classList.contains("dark");
    if (!dark) return run();
    classList.remove("dark");
    try {
      return run();
    } finally {
      classList.add("dark");
    }
  };

  aedemo.plotConfig = {
    displaylogo: false, responsive: false, scrollZoom: false,
    displayModeBar: matchMedia("(pointer: coarse)").matches ? false : "hover", // nothing to zoom with a finger
    modeBarButtons: [["zoom2d", "pan2d", "resetScale2d"]],
  };

  // Runs `draw` now, on each new width, and on light or dark; only while the node is seen.
  aedemo.whenSeen = (node, draw) => {
    const run = () => node.offsetWidth > 0 && draw();
    // In the next frame: what is drawn may change sizes, and WebKit complains of that within the observer's own.
    new ResizeObserver(() => requestAnimationFrame(run)).observe(node);
    document.addEventListener("aedemo:theme", run);
    return run;
  };

  // A sheet of paper is narrower than the window, and nothing is drawn anew for it: figures shrink as a whole.
  const drawings = () => [...document.querySelectorAll(".ae-plot .main-svg")];
  addEventListener("beforeprint", () => {
    for (const svg of drawings()) svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  });
  addEventListener("afterprint", () => {
    for (const svg of drawings()) svg.removeAttribute("viewBox");
  });
})();
