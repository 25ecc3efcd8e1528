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

  const axis = (given, colors) => ({
    gridcolor: colors.line, linecolor: colors.line, zerolinecolor: colors.line, tickcolor: colors.line,
    automargin: true, fixedrange: false, ...given,
    title: { standoff: 10, ...given?.title },
  });

  // The figure's own layout over the page's: paper of the card, quiet ink, system font, one zoom a data set.
  aedemo.layout = (given) => {
    const colors = { ink: aedemo.css("--ae-ink"), quiet: aedemo.css("--ae-quiet"), line: aedemo.css("--ae-line") };
    const layout = {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: aedemo.css("font-family", document.querySelector(".ae-scene")), size: parseFloat(aedemo.css("--ae-figure-type")), color: colors.quiet },
      margin: { l: 8, r: 12, t: 12, b: 8 },
      legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { color: colors.ink } },
      hoverlabel: { bgcolor: aedemo.css("--ae-card"), bordercolor: colors.line, font: { color: colors.ink } },
      // A finger over a figure scrolls the page; a mouse zooms.
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
      uirevision: aedemo.state.data,
      ...given,
    };
    for (const key of new Set(["xaxis", "yaxis", ...Object.keys(given)])) {
      if (/^[xy]axis\d*$/.test(key)) layout[key] = axis(given[key], colors);
    }
    return layout;
  };

  // Traces that name a variant wear its colour of this mode.
  aedemo.traces = (data) =>
    data.map((trace) => {
      if (!trace.meta?.variant) return trace;
      const color = aedemo.css(`--v-${trace.meta.variant}`);
      return { ...trace, line: { ...trace.line, color }, marker: { ...trace.marker, color } };
    });

  // What `run` answers as if it were day: colours for white paper.
  aedemo.byDay = (run) => {
    const { classList } = document.body;
    const night = classList.contains("dark");
    if (!night) return run();
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
    new ResizeObserver(run).observe(node);
    document.addEventListener("aedemo:theme", run);
    return run;
  };
})();
