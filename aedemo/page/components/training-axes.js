// A canvas in the pixels of its screen, and axes on it: what the drawings of a training run share.
(() => {
  // Sharp on any screen: the canvas has as many pixels as its element shows. -> {context, width, height} in CSS pixels.
  // While a drawing is saved as an SVG, `aedemo.written` takes the place of its canvas.
  aedemo.fresh = (canvas) => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (aedemo.written?.canvas === canvas) return { context: aedemo.written, width, height };
    const ratio = Math.min(2, devicePixelRatio);
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return { context, width, height };
  };

  // The colours of the page, read once for each mode: asking for them in every frame costs more than drawing.
  let colours;
  document.addEventListener("aedemo:theme", () => (colours = undefined));
  const NAMES = ["ink", "quiet", "line", "card", "accent"];
  const read = (dark) => ({
    dark,
    ...Object.fromEntries(NAMES.map((name) => [name, aedemo.css(`--ae-${name}`)])),
    ...Object.fromEntries(aedemoSettings.constants.variants.map((name) => [name, aedemo.css(`--v-${name}`)])),
    size: (parseFloat(aedemo.css("--ae-figure-type")) * parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16,
    family: aedemo.css("font-family", document.querySelector(".ae-tab-view")),
  });
  aedemo.colours = () => {
    const dark = document.body.classList.contains("dark");
    return colours?.dark === dark ? colours : (colours = read(dark));
  };

  // Matplotlib's plasma without the end that the paper of the mode has too: a place on the data's curve, 0 to 1.
  const PLASMA = ["#0d0887", "#46039f", "#7201a8", "#9c179e", "#bd3786", "#d8576b", "#ed7953", "#fb9f3a", "#fdca26", "#f0f921"];
  const LEVELS = 24;
  const mixed = (from, share) => {
    const at = from + share * 7;
    const low = Math.min(8, Math.floor(at));
    const [a, b] = [PLASMA[low], PLASMA[low + 1]].map((hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)));
    return `rgb(${a.map((value, i) => Math.round(value + (at - low) * (b[i] - value))).join()})`;
  };
  const ramps = [0, 2].map((from) => Array.from({ length: LEVELS }, (_, i) => mixed(from, i / (LEVELS - 1))));
  aedemo.ramp = () => ramps[+aedemo.colours().dark];
  aedemo.rampLevel = (share) => Math.min(LEVELS - 1, Math.max(0, Math.round(share * (LEVELS - 1))));

  aedemo.disc = (context, x, y, radius = 2.4) => {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  };

  // A step on the logarithmic axis, 0 to 1; step 0 has a place too.
  aedemo.stepPlace = (step, steps) => Math.log1p(step) / Math.log1p(steps);

  // Three significant digits, as in the sentences of the verdicts.
  aedemo.shortNumber = (value) => (value === 0 ? "0" : String(+value.toPrecision(3)));

  // The ticks of a logarithmic axis between two values: 1, 3 of each decade, or whole decades where those are many.
  const decades = (low, high) => {
    const many = Math.log10(high / low) > 3;
    const found = [];
    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
      for (const lead of many ? [1] : [1, 3]) found.push(+`${lead}e${e}`);
    }
    return found.filter((tick) => tick >= low && tick <= high);
  };

  // The frame of a plot over gradient steps. y: {low, high, log, ticks}; -> places of a step and of a value in pixels.
  aedemo.stepAxes = (context, box, steps, y) => {
    const { ink, quiet, line, size, family } = aedemo.colours();
    const { left, top, right, bottom } = box;
    const scale = y.log ? Math.log : (value) => value;
    const share = (value) => (scale(value) - scale(y.low)) / (scale(y.high) - scale(y.low));
    const at = { x: (step) => left + (right - left) * aedemo.stepPlace(step, steps), y: (value) => bottom - (bottom - top) * share(value) };
    Object.assign(context, { font: `${size}px ${family}`, fillStyle: quiet, strokeStyle: line, lineWidth: 1, textBaseline: "middle", textAlign: "right" });
    for (const tick of y.ticks ?? decades(y.low, y.high)) {
      const place = Math.round(at.y(tick)) + 0.5;
      context.beginPath();
      context.moveTo(left, place);
      context.lineTo(right, place);
      context.stroke();
      context.fillText(y.words?.(tick) ?? String(tick), left - 6, place);
    }
    Object.assign(context, { textAlign: "center", textBaseline: "top" });
    let free = -Infinity;
    for (const step of [0, 1, 10, 100, 1000, steps].filter((one) => one <= steps)) {
      const words = step.toLocaleString("en");
      const half = context.measureText(words).width / 2;
      const place = Math.min(right - half, Math.max(left + half, at.x(step)));
      if (place - half < free || (step < steps && place + half > right - context.measureText(steps.toLocaleString("en")).width - 8)) continue;
      context.fillText(words, place, bottom + 5);
      free = place + half + 8;
    }
    context.strokeStyle = ink;
    return at;
  };
})();
