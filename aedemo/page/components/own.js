// A picture of one's own, brought as a file, from the clipboard, by camera or drawn. The page keeps it, whole, and sends
// it with each request that reads it again: for another data set, or with its square moved.
aedemo.Own = class {
  constructor(element, { ask, tell, drawingInk }) {
    const find = (selector) => element.querySelector(selector);
    // brought: a file that the server has not opened yet; turn: grows when what is on its way is no longer wanted
    Object.assign(this, { element, tell, drawingInk, picture: null, brought: null, turn: 0 });
    [this.box, this.original, this.frame, this.steps, this.echoes] = [".ae-own", ".ae-original", ".ae-frame", ".ae-own .ae-steps", ".ae-echoes"].map(find);
    this.latest = new aedemo.Latest(ask);
    this.drawing = new aedemo.Drawing(find(".ae-drawing"), () => this.drawn());
    this.camera = new aedemo.Camera(find(".ae-camera"), (file) => this.send(file), tell);

    const input = find(".ae-rail-inner > input[type=file]");
    find("[data-do=upload]").onclick = () => input.click();
    input.addEventListener("change", () => this.send(input.files[0]).then(() => (input.value = "")));
    find("[data-do=draw]").onclick = () => this.draw();
    find("[data-do=done]").onclick = () => this.putAway();
    find("[data-do=camera]").onclick = () => {
      this.putAway();
      this.camera.open();
    };

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
      if (files(event)) this.send(event.dataTransfer.files[0]);
    });
    document.addEventListener("paste", (event) => this.send(event.clipboardData?.files[0]));

    this.frame.addEventListener("pointerdown", (event) => this.grab(event));
    this.frame.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.frame.addEventListener(end, () => this.drop());
    this.frame.addEventListener("keydown", (event) => this.key(event));
  }

  // --- what was brought ------------------------------------------------------------------------------------------
  async send(file) {
    if (!file || aedemo.held("picture")) return;
    this.putAway();
    this.tell(null);
    const most = 20; // MB, as the server says; asked here first, so that nobody waits for an upload in vain
    if (file.size > most * 1e6) return this.tell(`This file has ${Math.round(file.size / 1e6)} MB; bring a picture of up to ${most} MB.`);
    const reader = new FileReader();
    const read = new Promise((done, failed) => Object.assign(reader, { onload: done, onerror: failed }));
    reader.readAsDataURL(file);
    const { turn } = this;
    this.reading = reader;
    try {
      await read;
    } catch {
      return this.tell("The browser could not read this file. Is it still where it was?");
    }
    if (turn !== this.turn || reader !== this.reading) return; // something else was chosen meanwhile
    // Only what the server could open becomes the picture; until then the former one is kept.
    const wish = (this.brought = { uri: reader.result, across: 0.5, down: 0.5, title: "Your picture" });
    this.latest.ask(() => wish);
  }

  // The server has opened it: this is the picture from now on.
  async keep(wish, { original, steps, movable }) {
    if (this.picture?.uri !== wish.uri) this.picture = { ...wish }; // else its square may have moved on meanwhile
    this.box.hidden = false;
    const [whole, tiles] = await Promise.all([original, steps].map(aedemo.sprite));
    if (this.picture?.uri !== wish.uri) return;
    this.size = [original.width, original.height];
    this.original.hidden = !movable;
    if (movable) aedemo.draw(this.original.querySelector("canvas"), whole, 0);
    this.place();
    // Of a photograph the models see a square and nothing else is done; writing goes a longer way.
    this.steps.hidden = steps.names.length < 3;
    const drawn = wish.title === "Your drawing"; // the sheet shows how it was
    const shown = steps.names.map((name, i) => this.tile(name, tiles, i));
    this.steps.replaceChildren(...(drawn ? [] : [this.tile("yours", whole, 0)]), ...shown);
    this.steps.style.setProperty("--columns", this.steps.children.length > 5 ? 4 : 5);
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

  // Whether a person brought or draws something, be it on its way.
  get there() {
    return Boolean(this.drawingOpen || this.brought || this.picture);
  }

  // For another data set, the same picture again.
  again() {
    if (this.drawingOpen) this.drawing.show(this.drawingInk());
    return this.latest.ask(() => (this.drawingOpen ? this.asDrawn() : { ...(this.brought ?? this.picture) }));
  }

  // A picture of the gallery was chosen: whatever answer is still to come is of no use.
  leave() {
    this.turn += 1;
    this.latest.waiting = [];
    this.picture = this.brought = null;
    this.box.hidden = true;
    this.putAway();
  }

  // --- drawing ---------------------------------------------------------------------------------------------------
  draw() {
    this.camera.close();
    this.turn += 1;
    this.brought = null;
    this.drawingOpen = true;
    this.drawing.element.hidden = false;
    this.element.classList.add("ae-draws");
    this.drawing.show(this.drawingInk());
    this.drawn();
  }

  drawn() {
    this.latest.ask(() => this.asDrawn());
  }

  // On a phone the tab lies far below the sheet: its answers are shown here too.
  echo() {
    const strips = [...aedemo.scenes.get(aedemo.active).element.querySelectorAll(".filmstrip[data-answer]")];
    this.echoes.replaceChildren(...strips.map((strip) => {
      const { width, height, className } = strip.querySelector("canvas");
      const figure = document.createElement("figure");
      const canvas = Object.assign(document.createElement("canvas"), { width, height, className });
      const caption = document.createElement("figcaption");
      canvas.getContext("2d").drawImage(strip.querySelector("canvas"), 0, 0);
      caption.textContent = strip.dataset.title.split(":")[0];
      figure.append(canvas, caption);
      return figure;
    }));
  }

  asDrawn() {
    return { uri: this.drawing.uri, across: 0.5, down: 0.5, title: "Your drawing" };
  }

  putAway() {
    this.camera.close();
    this.drawingOpen = false;
    this.drawing.element.hidden = true;
    this.element.classList.remove("ae-draws");
  }

  // --- the square that the models see, moved over the picture ------------------------------------------------------
  place() {
    const [width, height] = this.size;
    const side = Math.min(width, height);
    const { across, down } = this.picture;
    const percent = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(this.frame.style, {
      left: percent(across * (width - side), width), top: percent(down * (height - side), height),
      width: percent(side, width), height: percent(side, height),
    });
  }

  grab(event) {
    this.frame.setPointerCapture(event.pointerId);
    this.grabbed = { x: event.clientX, y: event.clientY, across: this.picture.across, down: this.picture.down };
  }

  drag(event) {
    if (!this.grabbed) return;
    const { x, y, across, down } = this.grabbed;
    const { width, height } = this.original.getBoundingClientRect();
    const side = Math.min(width, height);
    const moved = (start, by, room) => (room > 1 ? Math.min(1, Math.max(0, start + by / room)) : 0.5);
    this.picture.across = moved(across, event.clientX - x, width - side);
    this.picture.down = moved(down, event.clientY - y, height - side);
    this.place();
  }

  drop() {
    if (this.grabbed) this.latest.ask(() => ({ ...this.picture }));
    this.grabbed = null;
  }

  key(event) {
    const step = { ArrowLeft: ["across", -0.05], ArrowRight: ["across", 0.05], ArrowUp: ["down", -0.05], ArrowDown: ["down", 0.05] }[event.key];
    if (!step) return;
    event.preventDefault();
    this.picture[step[0]] = Math.min(1, Math.max(0, this.picture[step[0]] + step[1]));
    this.place();
    this.latest.ask(() => ({ ...this.picture }));
  }
};
