// A player of snapshots: its buttons, its scrubber over gradient steps, its keys. Who extends it says which steps there
// are (`steps`, and the `last` one that will be), whether all have come (`over`), and draws the one at `index`.
aedemo.Player = class {
  // pace: snapshots a second at speed 1; keys: the element whose keys move it
  constructor(element, tabView, pace, keys) {
    Object.assign(this, { element, tabView, pace, index: 0, playing: false });
    this.scrub = element.querySelector(".ae-scrub");
    const acts = { start: () => this.show(0), back: () => this.show(this.index - 1), play: () => this.toggle(), step: () => this.show(this.index + 1) };
    element.addEventListener("click", ({ target }) => acts[target.closest("button")?.dataset.play]?.());
    this.scrub.addEventListener("input", () => this.seek(this.scrub.value / this.scrub.max));
    keys.addEventListener("keydown", (event) => this.key(event));
  }

  // Whoever asks for less motion starts it by hand.
  static get still() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  says(name) {
    return this.element.querySelector(`[data-says="${name}"]`);
  }

  get ended() {
    return this.over && this.index === this.steps.length - 1;
  }

  play() {
    if (!this.steps.length) return;
    if (this.ended) this.index = 0;
    this.playing = true;
    this.mark();
    let [place, before] = [this.index, performance.now()];
    const tick = (time) => {
      if (!this.playing) return;
      place = Math.min(this.steps.length - 1, place + ((time - before) / 1000) * this.pace * this.element.querySelector("[data-play=speed]").value);
      before = time;
      if (Math.floor(place) !== this.index) this.reach(Math.floor(place));
      if (this.ended || !this.element.offsetParent) return this.pause();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame((time) => tick((before = time)));
  }

  pause() {
    this.playing = false;
    this.mark();
    this.remember();
  }

  toggle() {
    this.playing ? this.pause() : this.play();
  }

  // By hand: another snapshot, which stays.
  show(index) {
    if (!this.steps.length) return;
    this.playing = false;
    this.reach(Math.min(this.steps.length - 1, Math.max(0, index)));
    this.mark();
    this.remember();
  }

  // The snapshot nearest to a place on the logarithmic axis.
  seek(share) {
    const far = this.steps.map((step) => Math.abs(aedemo.stepPlace(step, this.last) - share));
    this.show(far.indexOf(Math.min(...far)));
  }

  reach(index) {
    this.index = index;
    this.draw();
  }

  remember() {} // what is shown, where a link keeps it

  key(event) {
    if (aedemo.active !== this.tabView.name || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const taken = target !== this.scrub && target.closest?.("input, select, textarea, summary, a, .ae-turns, #ae-top, #ae-tour, [role=tab]");
    if (taken || (event.key === " " && target.closest?.("button"))) return;
    const act = {
      " ": () => this.toggle(), ArrowLeft: () => this.show(this.index - 1), ArrowRight: () => this.show(this.index + 1),
      Home: () => this.show(0), End: () => this.show(Infinity),
    }[event.key];
    if (!act || (["Home", "End"].includes(event.key) && target !== this.scrub)) return;
    event.preventDefault();
    act();
  }

  // What the play button does next.
  mark() {
    const play = this.element.querySelector("[data-play=play]");
    play.classList.toggle("ae-plays", this.playing);
    play.ariaLabel = play.title = this.playing ? "Pause" : "Play";
  }

  // The scrubber and the words beside it; returns those.
  tell(step) {
    const { scrub } = this;
    const [share, words] = [aedemo.stepPlace(step, this.last), `step ${step.toLocaleString("en")}`];
    scrub.value = share * scrub.max;
    scrub.style.setProperty("--fill", share);
    scrub.setAttribute("aria-valuetext", words);
    if (this.says("step").textContent !== words) this.says("step").textContent = words;
    return words;
  }
};
