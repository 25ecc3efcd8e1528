// Loaded when it is needed: the players of training runs and of a plane's replay are a script of their own (PLAYERS in
// assets.py). Until it is here, each widget of these kinds is one of the following, which asks for it and hands over.
(() => {
  // Ends when the script has run; an error may have a sentence for a person.
  const load = async () => {
    const response = await aedemo.reach(aedemo.address(`/players.js?v=${aedemoSettings.release}`));
    if (response.status === 409) aedemo.renew();
    const sentence = aedemo.failure(response.status, response.headers.get("content-type") ?? "");
    if (sentence) throw Object.assign(new Error(`${response.status} of players.js`), { sentence });
    document.head.append(Object.assign(document.createElement("script"), { textContent: await response.text() }));
    if (!aedemo.Player) throw new Error("players.js is not what it should be");
  };

  let loading; // once for all; where it failed, whoever asks next asks again
  const loaded = () => (loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  }));

  class Lazy {
    constructor(element, tabView) {
      Object.assign(this, { element, tabView });
    }

    // Hands the widget itself, which takes this one's place, to `use`; where it cannot be had, `say` gets that in words.
    async become(use, say, again) {
      let widget;
      try {
        widget = await (this.becoming ??= loaded().then(() => this.tabView.replace(this)));
      } catch (error) {
        console.error(error);
        this.becoming = undefined;
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Try again", onclick: again });
        const note = document.createElement("span");
        note.append(`The player could not be loaded. ${error.sentence ?? "What came in its place is no script of this page."} `, button);
        return say(note);
      }
      use(widget);
    }
  }

  aedemo.part("training", class extends Lazy {
    constructor(element, tabView) {
      super(element, tabView);
      this.settings = new aedemo.TrainingSettings(element, tabView);
    }

    address() {
      return this.settings.address(null);
    }

    // Whoever changes a setting meanwhile gets the run that is chosen in the end.
    train() {
      if (!this.becoming) this.hand((player) => player.train());
    }

    importFile(files) {
      this.hand((player) => player.importFile(files));
    }

    hand(use) {
      this.become(use, (note) => this.tabView.fail(note), () => (this.tabView.say(), this.tabView.askIfStale()));
    }
  });

  aedemo.part("plane-replay", class extends Lazy {
    constructor(element, tabView) {
      super(element, tabView);
      this.details = element.querySelector("details");
      this.details.addEventListener("toggle", () => this.load());
      this.set(aedemo.link.consume(element.dataset.name) ?? "");
    }

    // A step that a link says, until the replay is here.
    get linkValue() {
      return this.details.open ? this.step : "";
    }

    set(step) {
      this.step = step;
      this.details.open = Boolean(step);
    }

    late(part, wanted) {
      Object.assign(this, { part, wanted });
      this.element.hidden = !part;
      if (!part && this.step) aedemo.link.ignore(this.element.dataset.name, this.step), this.set("");
      this.load();
    }

    load() {
      if (!this.part || !this.details.open || this.becoming) return;
      const trouble = this.element.querySelector("[data-says=trouble]");
      const say = (note) => (trouble.replaceChildren(note), (trouble.hidden = !note));
      say("");
      this.become((replay) => ((replay.step = this.step), replay.late(this.part, this.wanted)), say, () => this.load());
    }
  });
})();
