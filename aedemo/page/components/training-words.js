// All that is shown of one snapshot: the drawings, the words beside them, and files of both.
(() => {
  const SURFACES = { 1: "curve", 2: "sheet" };
  const FLAT = { 1: "line", 2: "plane" };

  // The kept run as far as the step that is shown, where it is of the same data.
  const keptBeside = ({ kept, run, now }) => {
    const same = ["data", "noise"].every((name) => kept?.setup.settings[name] === run.setup.settings[name]);
    if (!same || kept === run || String(kept.setup.shape) !== String(run.setup.shape)) return null;
    return { ...kept, at: kept.snapshots.findLast(({ step }) => step <= now.step) };
  };

  const legend = ({ run: { setup }, now }, kept) => {
    const { settings, points } = setup;
    const color = `var(--v-${settings.variant})`;
    const flat = FLAT[now.components];
    const entries = points
      ? [
        now.surface && [`the decoder's ${SURFACES[settings.latent_dim]}`, color],
        now.arrows && ["where the denoiser moves a point", color],
        !now.surface && !now.arrows && ["reconstructions", color],
        flat && now.components < points.shape[1] && [`PCA's ${flat}`, "var(--v-pca)"],
        !now.arrows && ["x to reconstruction", "var(--v-denoising)"],
        kept?.at.surface && now.surface && ["kept run", "var(--ae-quiet)"],
      ]
      : [];
    const turn = points?.shape[1] === 3 ? ["Drag it, or focus it and use the arrow keys, to turn it."] : [];
    return [...entries.filter(Boolean).map(([words, dot]) => {
      const span = document.createElement("span");
      span.textContent = words;
      span.style.setProperty("--dot", dot);
      return span;
    }), ...turn];
  };

  const errorWords = ({ run: { setup }, now }, kept) => {
    const { variant } = setup.settings;
    const best = setup.pca_train_errors[now.components];
    const number = aedemo.shortNumber;
    const sentences = [`Training ${number(now.train_error)} (solid), test ${number(now.test_error)} (dotted).`];
    if (best > 0) sentences.push(variant === "denoising" ? `PCA's best projection: ${number(best)} (dashed).` : `PCA with ${now.components} component${now.components === 1 ? "" : "s"}: ${number(best)} (dashed).`);
    if (now.angle !== null) sentences.push(`Angle to PCA's subspace, below: ${now.angle.toFixed(now.angle < 10 ? 1 : 0)}°.`);
    if (kept) sentences.push(`Kept run: ${number(kept.at.train_error)} (grey).`);
    return sentences.join(" ");
  };

  const codeWords = ({ run: { setup }, now }) => {
    const { hidden } = setup.settings;
    if (now.active) {
      const dead = now.active.values.filter((share) => share === 0).length;
      return `Share of the training examples in which each of ${hidden} units is active; ${dead} inactive in all.`;
    }
    const colours = setup.points ? ", coloured as in data space" : setup.labels ? ", coloured by class" : "";
    return `Codes of ${now.codes.shape[0]} training examples${colours}.`;
  };

  aedemo.paintTraining = (player) => {
    const { run, now, canvases, space } = player;
    const { setup } = run;
    const kept = keptBeside(player);
    setup.points ? space.paint(now, kept?.at) : aedemo.paintImages(canvases.space, setup, now);
    aedemo.paintError(canvases.error, run, now, kept);
    aedemo.paintCode(canvases.code, run, now, player.palette);
    write(player, kept);
  };

  const write = (player, kept) => {
    const { run: { setup, events, snapshots, over }, now } = player;
    const words = player.tell(now.step);
    const put = (name, words) => {
      const [slot, text] = [player.says(name), aedemo.unbroken(words)];
      if (slot.textContent !== text) slot.textContent = text;
    };
    const event = events.findLast(({ step }) => step <= now.step || (over && now === snapshots.at(-1)));
    put("verdict", event ? `Step ${event.step.toLocaleString("en")}: ${event.sentence}` : "");
    put("error", errorWords(player, kept));
    put("code", codeWords(player));
    put("compared", now === snapshots.at(-1) ? aedemo.compareRuns(kept, player.run) : "");
    const entries = legend(player, kept);
    const key = entries.map((entry) => entry.textContent ?? entry).join();
    if (key !== player.legend) player.says("space").replaceChildren(...entries);
    player.legend = key;
    const title = (name, text) => {
      const heading = player.element.querySelector(`[data-title=${name}]`);
      if (heading.textContent !== text) heading.textContent = text;
    };
    title("space", setup.points ? "Data space" : "Images and their reconstructions");
    title("code", now.active ? "Active units" : "Code");
    if (player.playing) return; // nobody reads these aloud meanwhile
    for (const [name, canvas] of Object.entries(player.canvases)) canvas.ariaLabel = `${canvas.closest(".ae-card").querySelector("h2").textContent} at ${words}. ${player.says(name).textContent}`;
  };

  // --- files -------------------------------------------------------------------------------------------------------
  const save = (blob, name) => {
    const address = URL.createObjectURL(blob);
    Object.assign(document.createElement("a"), { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };

  const table = ({ setup, snapshots }) => {
    const rows = snapshots.map((s) => [s.step, s.train_error, s.test_error, setup.pca_train_errors[s.components], s.angle ?? ""]);
    return [["step", "training error", "test error", "PCA's training error", "angle to PCA's subspace in degrees"], ...rows].map((row) => row.join(",")).join("\n");
  };

  // A drawing as an SVG: painted once more, into words.
  const written = (player, canvas) => {
    const svg = (aedemo.written = new aedemo.SvgContext(canvas));
    try {
      aedemo.inLight(() => aedemo.paintTraining(player));
    } finally {
      aedemo.written = null;
    }
    aedemo.paintTraining(player);
    return svg.toString();
  };

  // On white paper, whatever the page's mode: it ends in a handout.
  aedemo.saveTraining = (player, { of, file }, format) => {
    if (!player.now) return;
    if (format === "csv") return save(new Blob([`${table(player.run)}\n`], { type: "text/csv" }), `${file}-errors.csv`);
    const canvas = player.canvases[of];
    const name = `${file}-${of}-step-${player.now.step}.${format}`;
    if (format === "svg") return save(new Blob([written(player, canvas)], { type: "image/svg+xml" }), name);
    const paper = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const context = paper.getContext("2d");
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, paper.width, paper.height);
    aedemo.inLight(() => aedemo.paintTraining(player));
    context.drawImage(canvas, 0, 0);
    aedemo.paintTraining(player);
    paper.toBlob((blob) => save(blob, name));
  };
})();
