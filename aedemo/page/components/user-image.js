// A user's image, imported as a file, from the clipboard, by camera or drawn. A file is sent once; what comes back
// with the first response is a reduced copy, which the page keeps and sends when the frame moves or another data set wants it.
aedemo.UserImage = class {
  constructor(element, { ask, showMessage, drawingInk, square }) {
    const find = (selector) => element.querySelector(selector);
    // image: {file, copy, frames, title, …}, which the server has opened; imported: the same without a copy, not yet;
    // turn: grows when what is on its way is no longer wanted
    Object.assign(this, { element, showMessage, drawingInk, square, image: null, imported: null, turn: 0 });
    [this.box, this.original, this.seen, this.steps, this.echoes, this.sending, this.notes] =
      [".ae-user-image", ".ae-original", ".ae-seen canvas", ".ae-user-image .ae-steps", ".ae-echoes", ".ae-sending", ".ae-notes"].map(find);
    this.latest = new aedemo.Latest(ask);
    this.drawing = new aedemo.Drawing(find(".ae-drawing"), () => this.drawn());
    this.camera = new aedemo.Camera(find(".ae-camera"), (file) => this.importFile(file), showMessage);
    this.frame = new aedemo.Frame(this.original, (moves) => this.framed(this.frame.sides, moves));

    const input = find(".ae-sidebar-inner > input[type=file]");
    input.addEventListener("change", () => this.importFile(input.files[0]).then(() => (input.value = "")));
    const acts = {
      upload: () => input.click(), draw: () => this.draw(), done: () => this.putAway(), cancel: () => this.cancel(),
      camera: () => (this.putAway(), this.camera.open()),
      guess: () => this.framed(null), whole: () => this.framed(this.frame.whole()),
    };
    for (const [name, act] of Object.entries(acts)) find(`[data-do=${name}]`).onclick = act;

    // Dropped anywhere on the page, or pasted.
    const files = (event) => event.dataTransfer?.types.includes("Files");
    const hover = (event, over) => {
      if (!files(event)) return;
      event.preventDefault();
      document.body.classList.toggle("ae-dropping", over);
    };
    document.addEventListener("dragover", (event) => hover(event, true));
    document.addEventListener("dragleave", (event) => event.relatedTarget ?? hover(event, false));
    document.addEventListener("drop", (event) => {
      hover(event, false);
      const { player } = aedemo.tabViews.get(aedemo.active) ?? {}; // of a tab that takes many images
      if (files(event)) player ? player.importFile([...event.dataTransfer.files]) : this.importFile(event.dataTransfer.files[0]);
    });
    document.addEventListener("paste", (event) => this.importFile(event.clipboardData?.files[0]));
  }

  // --- sending ---------------------------------------------------------------------------------------------------
  async importFile(file) {
    if (!file || aedemo.isLocked("image")) return;
    if (aedemo.onDemand) return this.showMessage(aedemo.onDemand(""));
    this.putAway();
    this.showMessage(null);
    this.cancel();
    const most = 20; // MB, as the server says; asked here first, so that nobody waits for an upload in vain
    if (file.size > most * 1e6) return this.showMessage(`This file has ${Math.round(file.size / 1e6)} MB; bring an image of up to ${most} MB.`);
    try {
      await file.slice(0, 1).arrayBuffer();
    } catch {
      return this.showMessage("The browser could not read this file. Is it still where it was?");
    }
    // Only what the server could open becomes the image; until then the former one is kept.
    const job = (this.imported = { file, frames: {}, title: "Your image", stretch: true });
    this.latest.ask(() => job);
  }

  // {opened, message} as the server answers a job; null if cancelled. Errors are sentences.
  async request(job, data) {
    const path = `/open?data=${encodeURIComponent(data)}`;
    if (job.strokes) return aedemo.ask(`${path}&frame=0,0,1,1`, new Blob([job.strokes], { type: "application/json" }));
    const sides = job.frames[this.square(data)];
    const frame = sides ? `&frame=${sides.map((side) => side.toFixed(4)).join()}` : "";
    if (job.copy) return aedemo.ask(path + frame, job.copy);
    const { signal } = (this.abort = new AbortController());
    const { body, note } = await aedemo.reduce(job.file);
    if (signal.aborted) return null;
    const slow = setTimeout(() => (this.sending.hidden = false), 300);
    try {
      const response = await aedemo.send(`${path}${frame}&copy=1${job.stretch ? "" : "&stretch=0"}`, body, (part) => this.progress(part), signal);
      return response && { ...response, message: response.message ?? note };
    } finally {
      clearTimeout(slow);
      this.sending.hidden = true;
    }
  }

  progress(part) {
    this.sending.querySelector("progress").value = part;
    this.sending.querySelector("output").textContent = part < 1 ? `Sending: ${Math.floor(100 * part)}\u00a0%` : "Opening …";
  }

  cancel() {
    this.abort?.abort();
    this.imported = null;
    this.progress(0);
  }

  // --- what was opened -------------------------------------------------------------------------------------------
  // A file became the image, with the copy that the server made of it, or it is forgotten.
  async receive(job, opened) {
    if (this.imported === job) this.imported = null;
    if (!opened) return;
    const { copy, notes, stretched } = opened;
    this.image = Object.assign(job, { copy: await (await fetch(copy)).blob(), shown: copy, notes, stretched });
  }

  // What was done to values and colours; the stretching of values can be turned off, for which the file goes again.
  showNotes({ file, frames, title, notes, stretch, stretched }) {
    const lines = notes.map((note) => Object.assign(document.createElement("p"), { textContent: note }));
    const other = Object.assign(document.createElement("button"), { type: "button", textContent: stretch ? "Do not stretch" : "Stretch values" });
    other.onclick = () => {
      this.imported = { file, frames, title, stretch: !stretch };
      this.latest.ask(() => this.imported);
    };
    this.notes.replaceChildren(...lines, ...(stretched || !stretch ? [other] : []));
  }

  // The image, its frame and what the models see; {} of `opened` without an image, where nothing stands out.
  async show(job, opened, data) {
    const drawn = Boolean(job.strokes);
    const { size, frame, candidates, sprite, steps } = opened;
    const [seen, tiles] = await Promise.all([sprite, steps].map((one) => one && aedemo.sprite(one)));
    if (drawn) this.image = job;
    else if (job !== this.image) return;
    this.box.hidden = false;
    this.original.hidden = this.original.nextElementSibling.hidden = this.notes.hidden = drawn; // the pad shows how it was
    this.element.classList.toggle("ae-has-user-image", !drawn && Boolean(seen)); // beside its frame it is seen already
    if (!drawn) await this.lay(job, size, frame, candidates, data);
    this.seen.hidden = !seen;
    if (seen) aedemo.draw(this.seen, seen, 0);
    // Of a photograph the models see a square and nothing else is done; writing goes a longer way.
    this.steps.hidden = !steps || steps.names.length < 3;
    if (steps) this.steps.replaceChildren(...steps.names.map((name, i) => this.tile(name, tiles, i)));
    this.steps.style.setProperty("--columns", this.steps.children.length > 5 ? 4 : 5);
  }

  async lay(job, [width, height], frame, candidates, data) {
    const square = this.square(data);
    if (this.laid !== job) {
      this.showNotes(job);
      const image = Object.assign(new Image(), { src: job.shown });
      await image.decode();
      const canvas = Object.assign(this.original.querySelector("canvas"), { width: image.width, height: image.height });
      canvas.getContext("2d").drawImage(image, 0, 0);
      canvas.classList.toggle("pixelated", Math.max(width, height) <= 64);
      this.original.style.setProperty("--aspect", width / height);
    }
    this.laid = job;
    this.frame.open([width, height], square === "square");
    const asSides = (text) => text.split(",").map(Number);
    if (!this.frame.moving) this.frame.set(job.frames[square] ?? asSides(frame));
    this.frame.offer(candidates.map(asSides), (sides) => this.framed(sides));
  }

  // Another frame over the image; null is the server's guess. While it moves the sidebar alone follows, at rest the tab.
  framed(sides, moves = false) {
    if (!this.image?.copy) return;
    this.image.frames[this.square(aedemo.sidebar.wanted)] = sides;
    if (sides) this.frame.set(sides);
    this.moves = moves;
    this.latest.ask(() => this.image);
  }

  tile(name, sprite, i) {
    const figure = document.createElement("figure");
    const canvas = document.createElement("canvas");
    const caption = document.createElement("figcaption");
    figure.setAttribute("role", "listitem");
    aedemo.draw(canvas, sprite, i);
    caption.textContent = name;
    figure.append(canvas, caption);
    return figure;
  }

  // Whether a person imported or draws something, be it on its way.
  get there() {
    return Boolean(this.drawingOpen || this.imported || this.image);
  }

  // For another data set, the same image again.
  again() {
    if (this.drawingOpen) this.drawing.show(this.drawingInk());
    return this.latest.ask(() => (this.drawingOpen ? this.asDrawn() : (this.imported ?? this.image)));
  }

  // An image of the gallery was chosen: whatever response is still to come is of no use.
  leave() {
    this.turn += 1;
    this.latest.waiting = [];
    this.cancel();
    this.image = null;
    this.putAway();
    this.box.hidden = true;
    this.element.classList.remove("ae-has-user-image");
  }

  // --- drawing ---------------------------------------------------------------------------------------------------
  draw() {
    this.camera.close();
    this.turn += 1;
    this.cancel();
    this.drawingOpen = true;
    this.drawing.element.hidden = false;
    this.element.classList.add("ae-draws");
    this.drawing.show(this.drawingInk());
    this.drawn();
  }

  drawn() {
    if (this.drawing.strokes.length) this.latest.ask(() => this.asDrawn());
    else if (this.image?.strokes) this.showMessage("The pad is empty. What is shown is of the last drawing.");
  }

  asDrawn() {
    return { strokes: this.drawing.json, title: "Your drawing" };
  }

  // On a phone the tab lies far below the pad: its reconstructions are shown here too.
  echo() {
    const filmstrips = [...aedemo.tabViews.get(aedemo.active).element.querySelectorAll(".filmstrip[data-reconstruction]")];
    this.echoes.replaceChildren(...filmstrips.map((filmstrip) => {
      const { width, height, className } = filmstrip.querySelector("canvas");
      const figure = document.createElement("figure");
      const canvas = Object.assign(document.createElement("canvas"), { width, height, className });
      const caption = document.createElement("figcaption");
      canvas.getContext("2d").drawImage(filmstrip.querySelector("canvas"), 0, 0);
      caption.textContent = filmstrip.dataset.title.split(":")[0];
      figure.append(canvas, caption);
      return figure;
    }));
  }

  putAway() {
    this.camera.close();
    this.drawingOpen = false;
    this.drawing.element.hidden = true;
    this.element.classList.remove("ae-draws");
  }
};
