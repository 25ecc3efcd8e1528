// The plots beside data space: error against step with PCA's as a line, and the code.
(() => {
  const MARGIN = { left: 52, right: 10, top: 10 };
  const INACTIVE = 0; // share of the examples in which a unit is active

  const polyline = (context, snapshots, at, value, look, dashes = []) => {
    Object.assign(context, { lineJoin: "round", globalAlpha: 1, ...look });
    context.setLineDash(dashes);
    context.beginPath();
    for (const snapshot of snapshots) context.lineTo(at.x(snapshot.step), at.y(value(snapshot)));
    context.stroke();
    context.setLineDash([]);
  };

  const range = (values) => {
    const there = values.filter((value) => value > 0 && Number.isFinite(value));
    return [Math.min(...there) / 1.4, Math.max(...there) * 1.4];
  };

  // run: {setup, snapshots}; now: the snapshot shown; kept: another run on the same data, or null.
  aedemo.paintError = (canvas, run, now, kept) => {
    const { context, width, height } = aedemo.fresh(canvas);
    const { ink, quiet, pca, size, ...colours } = aedemo.colours();
    const { setup: { settings, pca_train_errors: pcaErrors }, snapshots } = run;
    const color = colours[settings.variant];
    const angles = now.angle !== null;
    const foot = size + 12;
    const box = { left: MARGIN.left, top: MARGIN.top, right: width - MARGIN.right, bottom: (angles ? 0.64 * height : height) - foot };
    const best = ({ components }) => pcaErrors[components];
    const shown = [...snapshots, ...(kept?.snapshots ?? [])];
    const [low, high] = range([...shown.flatMap((s) => [s.train_error, s.test_error]), ...snapshots.map(best)]);
    const at = aedemo.stepAxes(context, box, settings.steps, { low, high, log: true });
    const floor = (value) => Math.max(value, low);
    if (kept) polyline(context, kept.snapshots, at, (s) => floor(s.train_error), { strokeStyle: quiet, lineWidth: 2, globalAlpha: 0.7 });
    if (best(now) > 0) polyline(context, snapshots, at, (s) => floor(best(s)), { strokeStyle: pca, lineWidth: 2 }, [7, 5]);
    polyline(context, snapshots, at, (s) => floor(s.test_error), { strokeStyle: color, lineWidth: 1.5 }, [2, 3]);
    polyline(context, snapshots, at, (s) => floor(s.train_error), { strokeStyle: color, lineWidth: 2.6 });
    marker(context, box, at.x(now.step), at.y(floor(now.train_error)), color, ink);
    if (!angles) return;
    const below = { ...box, top: box.bottom + foot + 14, bottom: height - foot };
    const turned = aedemo.stepAxes(context, below, settings.steps, { low: 0, high: 90, ticks: [0, 90], words: (tick) => `${tick}°` });
    polyline(context, snapshots, turned, (s) => s.angle ?? 90, { strokeStyle: color, lineWidth: 2.2 });
    marker(context, below, turned.x(now.step), turned.y(now.angle), color, ink);
  };

  // The step that is shown: a line through the plot, and a disc on the curve.
  const marker = (context, { top, bottom }, x, y, color, ink) => {
    Object.assign(context, { strokeStyle: ink, lineWidth: 1, globalAlpha: 0.6 });
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, top);
    context.lineTo(Math.round(x) + 0.5, bottom);
    context.stroke();
    Object.assign(context, { fillStyle: color, globalAlpha: 1 });
    aedemo.disc(context, x, y, 4.5);
  };

  // Codes as points, or how many examples each unit of a wide code is active in. palette: a colour for each label.
  aedemo.paintCode = (canvas, run, now, palette) => {
    const { context, width, height } = aedemo.fresh(canvas);
    if (now.active) return bars(context, width, height, now.active.values, aedemo.colours()[run.setup.settings.variant]);
    const { setup } = run;
    const [count, m] = now.codes.shape;
    const { values } = now.codes;
    const { quiet, line, size, family } = aedemo.colours();
    const along = setup.colours?.values;
    // A code of one number stands over the place on the data's own curve, or in its class.
    const across = (i) => values[i * m];
    const up = (i) => (m > 1 ? values[i * m + 1] : along ? along[i] : setup.labels ? setup.labels[i] : 0);
    const foot = size + 8;
    const box = { left: foot + 4, top: 6, right: width - 6, bottom: height - foot - 2 };
    const place = (read, low, high) => {
      let [least, most] = [Infinity, -Infinity];
      for (let i = 0; i < count; i++) {
        least = Math.min(least, read(i));
        most = Math.max(most, read(i));
      }
      const span = most - least || 1;
      return (i) => low + ((read(i) - least) / span) * (high - low);
    };
    const [x, y] = [place(across, box.left + 6, box.right - 6), place(up, box.bottom - 6, box.top + 6)];
    Object.assign(context, { strokeStyle: line, lineWidth: 1, globalAlpha: 1 });
    context.strokeRect(box.left + 0.5, box.top + 0.5, box.right - box.left, box.bottom - box.top);
    context.globalAlpha = 0.85;
    const ramp = aedemo.ramp();
    for (let i = 0; i < count; i++) {
      context.fillStyle = along ? ramp[aedemo.rampLevel(along[i])] : setup.labels ? palette[setup.labels[i]] : quiet;
      aedemo.disc(context, x(i), y(i));
    }
    Object.assign(context, { globalAlpha: 1, font: `${size}px ${family}`, fillStyle: quiet, textAlign: "center", textBaseline: "alphabetic" });
    context.fillText("z₁", (box.left + box.right) / 2, height - 5);
    context.save();
    context.translate(size, (box.top + box.bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(m > 1 ? "z₂" : along ? "place in the data" : setup.labels ? "class" : "", 0, 0);
    context.restore();
  };

  const bars = (context, width, height, shares, color) => {
    const { quiet, line, size, family } = aedemo.colours();
    const foot = size + 10;
    const [left, bottom] = [MARGIN.left, height - foot];
    Object.assign(context, { font: `${size}px ${family}`, fillStyle: quiet, strokeStyle: line, textAlign: "right", textBaseline: "middle" });
    for (const share of [0, 0.5, 1]) {
      const y = Math.round(bottom - share * (bottom - MARGIN.top)) + 0.5;
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(width - MARGIN.right, y);
      context.stroke();
      context.fillText(`${100 * share} %`, left - 6, y);
    }
    const step = (width - MARGIN.right - left) / shares.length;
    shares.forEach((share, unit) => {
      const tall = share > INACTIVE ? Math.max(1.5, share * (bottom - MARGIN.top)) : 0;
      context.fillStyle = color;
      context.fillRect(left + unit * step + 0.1 * step, bottom - tall, 0.8 * step, tall);
    });
    Object.assign(context, { fillStyle: quiet, textAlign: "center", textBaseline: "alphabetic" });
    context.fillText("units", (left + width) / 2, height - 4);
  };
})();
