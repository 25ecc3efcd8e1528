// The replay of a plane: asked for when its card is opened, then played and scrubbed through without a request.
(() => {
  const PACE = 7; // snapshots a second at speed 1
  const [SMALLEST, LARGEST] = [1.5, 2.6]; // radius of a dot, as the plane has room
  const GAP = 6; // between the frame of a plane and what lies outermost in it

  aedemo.part("plane-replay", class extends aedemo.Player {
    constructor(element, tabView) {
      super(element, tabView, PACE, element);
      this.canvases = Object.fromEntries([...element.querySelectorAll("canvas")].map((canvas) => [canvas.dataset.draws, canvas]));
      this.classes = tabView.classes ??= new aedemo.PlaneClasses(tabView);
      this.details = element.querySelector("details");
      this.details.addEventListener("toggle", () => (this.details.open ? this.load() : this.pause()));
      aedemo.whenSeen(element, () => this.draw());
      tabView.element.addEventListener("aedemo:classes", () => this.draw());
      document.addEventListener("aedemo:theme", () => this.draw());
    }

    get steps() {
      return this.data?.steps ?? [];
    }

    get last() {
      return this.steps.at(-1);
    }

    get over() {
      return true;
    }

    // --- the link: deep-replay=250, the step that is shown where the replay is open ------------------------------------
    get linkValue() {
      if (!this.part || !this.details.open) return "";
      return this.data ? String(this.steps[this.index]) : this.step;
    }

    // Now, or as soon as the replay is here.
    set(step) {
      this.step = step;
      this.details.open = Boolean(step);
      if (step && this.data) this.find();
    }

    // The last snapshot up to the step that a link says.
    find() {
      const index = this.steps.findLastIndex((step) => step <= Number(this.step));
      if (index < 0) aedemo.link.ignore(this.element.dataset.name, this.step);
      this.step = "";
      this.show(index);
    }

    remember() {
      aedemo.link.write();
    }

    // The tab shows another image: whether its data set has a replay, and whether it is the one that is here.
    late(part, wanted) {
      const other = this.wanted?.data !== wanted.data;
      Object.assign(this, { part, wanted });
      this.element.hidden = !part;
      if (other) this.forget();
      if (part && this.details.open) this.load();
    }

    forget() {
      this.request?.abort();
      this.data = this.request = null;
      this.pause();
      for (const canvas of Object.values(this.canvases)) aedemo.fresh(canvas);
    }

    async load() {
      if (this.request || !this.part) return;
      const { signal } = (this.request = new AbortController());
      this.complain("");
      try {
        const { replays, message } = await aedemo.fetchView(this.tabView.name, this.wanted, this.part, signal);
        if (message) throw Object.assign(new Error(message), { sentence: message });
        const data = replays[this.element.dataset.name];
        this.sheets = await aedemo.sprite(data.sheets);
        if (!signal.aborted) this.open(data);
      } catch (error) {
        if (signal.aborted) return;
        this.request = null; // opening it again asks again
        this.complain(error.sentence ?? "The replay could not be loaded. Close it and open it again to retry.");
      }
    }

    complain(sentence) {
      Object.assign(this.says("trouble"), { textContent: sentence, hidden: !sentence });
    }

    open(data) {
      this.data = data;
      this.says("words").textContent = data.words;
      this.classes.legend({ name: this.element.dataset.name, data: { ...data, marks: [], picked: null } });
      this.element.dataset.state = "ready";
      if (this.step) return this.find();
      this.show(0);
      if (!aedemo.Player.still) this.play();
    }

    draw() {
      this.frame_ ??= requestAnimationFrame(() => {
        this.frame_ = null;
        if (!this.data || !this.details.open || !this.element.offsetParent) return;
        const words = this.tell(this.steps[this.index]);
        this.code();
        this.decoded();
        this.error();
        if (this.playing) return; // nobody reads these aloud meanwhile
        for (const canvas of Object.values(this.canvases)) canvas.ariaLabel = `${canvas.closest("figure").querySelector("figcaption").textContent}, at ${words}`;
      });
    }

    // The frame of a plane with the ends of both coordinates at this step; -> its box in pixels.
    axes(canvas) {
      const { context, width, height } = aedemo.fresh(canvas);
      const { quiet, line, size, family } = aedemo.colours();
      const [across, up] = this.data.ranges[this.index];
      const foot = size + 8;
      const box = { left: foot, top: 1, right: width - 1, bottom: height - foot };
      Object.assign(context, { strokeStyle: line, lineWidth: 1, font: `${size}px ${family}`, fillStyle: quiet, textBaseline: "alphabetic" });
      context.strokeRect(box.left + 0.5, box.top + 0.5, box.right - box.left - 1, box.bottom - box.top - 1);
      const along = ([low, high], title, length) => {
        for (const [align, at, words] of [["left", 0, low.toFixed(1)], ["center", length / 2, title], ["right", length, high.toFixed(1)]]) {
          context.textAlign = align;
          context.fillText(words.replace("-", "−"), at, 0);
        }
      };
      context.save();
      context.translate(box.left, height - 5);
      along(across, "z₁", box.right - box.left);
      context.restore();
      context.save();
      context.translate(size, box.bottom);
      context.rotate(-Math.PI / 2);
      along(up, "z₂", box.bottom - box.top);
      context.restore();
      return { context, left: box.left + GAP, top: box.top + GAP, width: box.right - box.left - 2 * GAP, height: box.bottom - box.top - 2 * GAP };
    }

    code() {
      const { groups, names, colors, levels, codes } = this.data;
      const { context, left, top, width, height } = this.axes(this.canvases.code);
      const looks = colors.map((color) => ({ fillStyle: color, strokeStyle: aedemo.outlined(color) }));
      const shown = names.map((name) => !this.classes.hidden.has(name));
      const now = codes[this.index];
      const radius = Math.min(LARGEST, Math.max(SMALLEST, width / 110));
      Object.assign(context, { globalAlpha: 0.85, lineWidth: 0.8 });
      groups.forEach((group, i) => {
        if (!shown[group]) return;
        const { fillStyle, strokeStyle } = looks[group];
        context.fillStyle = fillStyle;
        aedemo.disc(context, left + (width * now[2 * i]) / levels, top + height * (1 - now[2 * i + 1] / levels), radius);
        if (strokeStyle) (context.strokeStyle = strokeStyle), context.stroke();
      });
    }

    decoded() {
      const { context, left, top, width, height } = this.axes(this.canvases.decoded);
      context.imageSmoothingQuality = "high";
      context.translate(left, top);
      context.scale(width / this.sheets.width, height / this.sheets.height);
      this.sheets.paint(context, this.index);
    }

    // As the error of a training run, of which PCA's is the dashed line.
    error() {
      const { steps, errors, reference } = this.data;
      const snapshots = steps.map((step, i) => ({ step, train_error: errors[i], test_error: errors[i], components: 0, angle: null }));
      const setup = { settings: { variant: this.element.dataset.variant, steps: this.last }, pca_train_errors: [reference] };
      aedemo.paintError(this.canvases.error, { setup, snapshots }, snapshots[this.index], null);
    }
  });
})();
