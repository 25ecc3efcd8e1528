// The player of training runs: asks for what is chosen, plays its snapshots while they arrive, and afterwards shows any
// of them without a request. What is drawn comes from training-space.js, training-images.js and training-figures.js.
(() => {
  const STEP = "training_step"; // what a link calls the snapshot that is shown
  const PACE = 12; // snapshots a second at speed 1
  const { max_megabytes: MAX_MEGABYTES } = aedemoSettings.constants;

  aedemo.part("training", class extends aedemo.Player {
    constructor(element, tabView) {
      super(element, tabView, PACE, document);
      Object.assign(this, { settings: new aedemo.TrainingSettings(element, tabView), run: null, kept: null, images: null });
      this.palette = JSON.parse(element.dataset.classes);
      this.canvases = Object.fromEntries([...element.querySelectorAll("canvas")].map((canvas) => [canvas.dataset.draws, canvas]));
      this.space = new aedemo.Space(this.canvases.space, () => this.draw());
      this.files = element.querySelector("input[type=file]");
      aedemo.whenSeen(element, () => this.draw());
      const acts = { keep: () => this.keep(), bring: () => this.files.click() };
      element.addEventListener("click", ({ target }) => {
        const button = target.closest("button");
        acts[button?.dataset.play]?.();
        if (button?.dataset.save) aedemo.saveTraining(this, button.closest("[data-of]").dataset, button.dataset.save);
      });
      this.files.addEventListener("change", () => {
        this.importFile([...this.files.files]);
        this.files.value = "";
      });
      aedemo.mountTraining?.(tabView.element.querySelector(".ae-settings")); // what a static edition has to say
    }

    address() {
      return this.settings.address(this.images);
    }

    // --- asking the server -------------------------------------------------------------------------------------------
    async train() {
      const custom = this.settings.chosen.data === "custom";
      const { signal } = (this.request = new AbortController());
      const wanted = this.tabView.choices.get(STEP);
      if (this.asked !== undefined) this.tabView.choices.delete(STEP); // it was a step of another run
      this.asked = this.tabView.key();
      this.playing = false;
      this.mark();
      if (custom && !this.images) return this.settle("ready", null);
      const waiting = {};
      try {
        await aedemo.readReplay(this.asked, custom && this.images.images.values, signal, (record) => this.take(record, waiting, wanted));
      } catch (error) {
        if (!signal.aborted) this.settle("failed", error.message);
      }
    }

    // A record: what stood before stays until the first snapshot is here.
    take(record, waiting, wanted) {
      if (record.kind === "setup") waiting.run = { setup: record, snapshots: [], events: [], over: false };
      const { run } = waiting;
      run.events.push(...(record.events ?? []));
      if (record.kind === "end") run.over = true;
      if (record.kind === "snapshot") run.snapshots.push(record);
      if (run.snapshots.length === 1 && this.run !== run) this.open(run);
      if (this.run === run) {
        if (run.over && (aedemo.Player.still || wanted)) this.pick(wanted);
        this.mark();
        this.draw();
      }
    }

    open(run) {
      Object.assign(this, { run, index: 0 });
      if (run.setup.points) this.space.open(run.setup);
      this.settle("ready", null);
      if (!aedemo.Player.still && !this.tabView.choices.has(STEP)) this.play();
    }

    // When nothing plays by itself: the step that a link names, or the last one.
    pick(wanted) {
      this.index = this.run.snapshots.findLastIndex(({ step }) => step <= (wanted ?? Infinity));
    }

    settle(state, sentence) {
      this.tabView.element.dataset.state = state;
      this.tabView.say(sentence);
      if (state === "failed") this.tabView.asked = null;
      this.tabView.element.dispatchEvent(new CustomEvent("aedemo:filled", { bubbles: true }));
    }

    // User images: made small by the server, which forgets them, and kept by this page.
    async importFile(files) {
      if (!files.length || aedemo.isLocked("choice") || aedemo.isLocked("training_data")) return;
      const size = files.reduce((sum, file) => sum + file.size, 0) / 1e6;
      const say = (words) => (this.says("brought").textContent = words);
      this.settings.control("data").set("custom");
      this.settings.adjust();
      if (size > MAX_MEGABYTES) return say(`These files have ${size.toFixed(1)} MB; bring up to ${MAX_MEGABYTES} MB.`);
      say("Reading …");
      try {
        this.images = await aedemo.smallImages(files);
      } catch (error) {
        return say(error.message);
      }
      const { images: { shape }, skipped } = this.images;
      const reasons = skipped.map(([name, reason]) => `${name} (${reason})`).join("; ");
      const left = reasons && ` Left out: ${reasons}`;
      say(`${shape[0]} images at 16×16 pixels, kept in this page and nowhere else.${left}`);
      this.tabView.asked = null;
      this.tabView.askIfStale();
    }

    // --- playing -----------------------------------------------------------------------------------------------------
    get now() {
      return this.run?.snapshots[this.index];
    }

    get steps() {
      return this.run?.snapshots.map(({ step }) => step) ?? [];
    }

    get last() {
      return this.run.setup.settings.steps;
    }

    get over() {
      return this.run.over;
    }

    // The link says which step is shown, but for the last.
    remember() {
      if (!this.run) return;
      if (this.index === this.run.snapshots.length - 1) this.tabView.choices.delete(STEP);
      else this.tabView.choices.set(STEP, String(this.now.step));
      aedemo.link.write();
    }

    keep() {
      this.kept = this.kept ? null : this.run;
      this.mark();
      this.draw();
    }

    // --- showing -----------------------------------------------------------------------------------------------------
    // The buttons, and below the scrubber where something happened.
    mark() {
      super.mark();
      const keep = this.element.querySelector("[data-play=keep]");
      keep.setAttribute("aria-pressed", Boolean(this.kept));
      const { events, setup } = this.run ?? { events: [] };
      if (this.marked === events && this.marks === events.length) return;
      Object.assign(this, { marked: events, marks: events.length });
      const place = (step) => Object.assign(document.createElement("i"), { style: `left: ${100 * aedemo.stepPlace(step, setup.settings.steps)}%` });
      this.element.querySelector(".ae-happened").replaceChildren(...events.map(({ step }) => place(step)));
    }

    draw() {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        if (this.now && this.element.offsetParent) aedemo.paintTraining(this);
      });
    }
  });
})();
