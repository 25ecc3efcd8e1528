// A tabView: the parts of one tab, filled together by one payload, moved by sliders without the server.
(() => {
  const SLOTS = {
    slider: "sliders", filmstrip: "filmstrips", patches: "filmstrips", figure: "figures", histogram: "histograms", plane: "planes", "plane-replay": "replays", images: "images",
    text: "texts", lead: "texts", choice: "choices", network: "networks",
  };

  aedemo.TabView = class {
    constructor(name, element) {
      Object.assign(this, { name, element, frames: new Map(), choices: new Map(), asked: null, shown: null, transient: new Map() });
      this.latest = new aedemo.Latest((wanted) => this.request(wanted));
      this.widgets = [...element.querySelectorAll("[data-widget]")].map((node) => this.widget(node));
      this.player = this.widgets.find(({ train }) => train); // of a tab that shows nothing of an image
      this.followers = new Map(); // slider's name -> the parts that follow it
      for (const part of this.widgets) {
        const { slider } = part.element.dataset;
        if (slider) this.followers.set(slider, [...(this.followers.get(slider) ?? []), part]);
      }
      this.linked = new Map(); // choices that a link made and no response has confirmed
      for (const { key, kind, tab } of aedemo.link.entries.values()) {
        const value = kind === "choice" && tab === name ? aedemo.link.consume(key) : undefined;
        if (value !== undefined) this.set(key, value);
      }
    }

    widget(node) {
      const part = new aedemo.widgets[node.dataset.widget](node, this);
      return Object.assign(part, { slot: SLOTS[node.dataset.widget], name: node.dataset.name });
    }

    // A widget whose script has come, in place of the one that waited for it.
    replace(waiting) {
      const part = this.widget(waiting.element);
      this.widgets[this.widgets.indexOf(waiting)] = part;
      if (this.player === waiting) this.player = part;
      return part;
    }

    // A slider or a choice as a link says it.
    set(key, value) {
      const part = this.widgets.find((one) => one.name === key);
      if (part?.set) return part.set(value);
      this.choices.set(key, value); // of a part that is no control, as the point of a plane
      this.linked.set(key, value);
      if (this.element.querySelector(`[data-widget=plane][data-picks="${key}"]`)) this.transient.set(key, null);
    }

    // --- asking the server -------------------------------------------------------------------------------------
    viewArguments() {
      const { data, image, seed } = aedemo.state;
      for (const [name, chosenWith] of this.transient) {
        if (chosenWith === null) data && this.transient.set(name, data + image); // a link chose both
        else if (chosenWith !== data + image) this.choices.delete(name), this.transient.delete(name);
      }
      return { data, image, seed, choices: Object.fromEntries(this.choices) };
    }

    // A choice that falls when another image or data set is chosen, as a point of a plane.
    setTransient(name, value) {
      if (aedemo.isLocked("choice") || aedemo.isLocked(name)) return;
      this.choices.set(name, value);
      this.transient.set(name, aedemo.state.data + aedemo.state.image);
      this.askIfStale();
    }

    // The same for all that the tab shows alike.
    key() {
      return this.player ? this.player.address() : aedemo.viewKey(this.name, this.viewArguments());
    }

    askIfStale() {
      if (this.key() === this.asked) return;
      for (const part of this.widgets) part.request?.abort(); // what was to arrive later belongs to what was shown
      this.asked = this.key();
      this.element.dataset.state = "asking";
      if (this.player) return this.player.train();
      this.latest.ask(() => this.viewArguments());
    }

    async request(wanted) {
      const sent = aedemo.viewKey(this.name, wanted);
      const part = aedemo.partOf(this.name, this.shown, wanted);
      try {
        await this.fill(await aedemo.fetchView(this.name, wanted, part), wanted, sent);
      } catch (error) {
        console.error(error);
        if (sent === this.asked) this.fail(error.sentence ?? "The server could not compute this. The last images stay; choose one again to retry.");
      }
    }

    fail(sentence) {
      this.asked = null;
      this.element.dataset.state = "failed";
      this.say(sentence);
      this.element.dispatchEvent(new CustomEvent("aedemo:filled", { bubbles: true }));
    }

    say(sentence) {
      const banner = this.element.querySelector(".ae-message");
      banner.replaceChildren(typeof sentence === "string" ? aedemo.unbroken(sentence) : sentence ?? "");
      banner.hidden = !sentence;
    }

    // --- a new image -------------------------------------------------------------------------------------------
    // Sprites are decoded first, then every part changes in the same frame: no moment shows half of it.
    async fill(payload, wanted, sent) {
      if (sent === this.asked && payload.message && this.linked.size && this.unlink()) return;
      this.shown = payload.message ? null : wanted;
      if (payload.filmstrips && Object.keys(payload.filmstrips).length) this.shows = wanted.data;
      this.element.classList.toggle("ae-blank", this.shows !== wanted.data);
      const filled = this.widgets
        .map((part) => ({ part, data: payload[part.slot]?.[part.name] }))
        .filter(({ data }) => data !== undefined);
      const ready = await Promise.all(filled.map(({ part, data }) => part.prepare?.(data)));
      const last = sent === this.asked; // now: somebody may have chosen anew while the images were decoded
      filled.forEach(({ part, data }, i) => (last || part.slot !== "choices") && part.fill(data, ready[i]));
      for (const part of this.widgets) {
        if (part.element.dataset.slider) part.frame?.(this.frames.get(part.element.dataset.slider) ?? 0);
        else if (part.slot !== "sliders") part.frame?.(0);
      }
      if (last) for (const part of this.widgets) if ("later" in part.element.dataset) part.late(payload.later?.[part.name], wanted);
      if (last) this.linked.clear();
      aedemo.offer?.(this);
      this.say(payload.message);
      this.element.dataset.state = last ? "ready" : "asking";
      this.element.dispatchEvent(new CustomEvent("aedemo:filled", { bubbles: true }));
    }

    // What a link chose cannot be shown: back to how the tab begins, and whether that is something else to ask for.
    unlink() {
      for (const [key, value] of this.linked) {
        aedemo.link.ignore(key, value);
        this.choices.set(key, aedemo.link.entries.get(key).start);
        this.transient.delete(key);
      }
      this.linked.clear();
      const before = this.asked;
      this.askIfStale();
      return this.asked !== before;
    }

    // --- a slider moved ------------------------------------------------------------------------------------------
    move(slider, frame) {
      this.frames.set(slider, frame);
      for (const part of this.followers.get(slider) ?? []) part.frame?.(frame);
      if (aedemo.state.data) aedemo.link.write();
      document.dispatchEvent(new Event("aedemo:moved"));
    }

    // The i-th of a list, the last where the list is shorter: one readout or one image serves all frames.
    static at(list, frame) {
      return list[Math.min(frame, list.length - 1)];
    }
  };
})();
