// Fetching a data set that is not on the server's machine: a sentence, a button, a bar that fills, a button to stop it.
aedemo.Fetching = class {
  constructor(element, { tell, arrived }) {
    const find = (selector) => element.querySelector(selector);
    Object.assign(this, { element, tell, arrived, words: find("p"), bar: find("progress") });
    [this.begin, this.stop] = [find("[data-do=fetch]"), find("[data-do=call-off]")];
    this.begin.onclick = () => this.send("POST");
    this.stop.onclick = () => this.send("DELETE");
    this.stop.hidden = true;
  }

  // `sentence` says that the data set is missing; none where it is here.
  offer(data, sentence) {
    this.data = data;
    this.sentence = sentence;
    this.element.hidden = !sentence;
    this.bar.hidden = true;
    this.words.textContent = sentence ?? "";
    if (sentence) this.send("GET"); // somebody else may have begun
  }

  async send(method) {
    const { data } = this;
    const answer = await fetch(`${aedemo.address("/fetch")}?data=${encodeURIComponent(data)}`, { method, cache: "no-store" }).catch(() => null);
    if (data !== this.data) return;
    if (!answer?.ok && method === "GET" && !this.bar.hidden) {
      this.words.textContent = "The server does not answer; the page asks again until it does.";
      return this.later(data);
    }
    if (!answer?.ok) return this.tell("The server did not answer. Nothing was fetched.");
    this.show(await answer.json());
  }

  later(data) {
    setTimeout(() => data === this.data && this.send("GET"), 400);
  }

  show({ state, arrived, megabytes, message }) {
    const under = state === "fetching";
    [this.bar.hidden, this.begin.hidden, this.stop.hidden] = [!under, under, !under];
    this.bar.value = megabytes ? Math.min(1, arrived / megabytes) : 0;
    this.words.textContent = under ? `${arrived.toFixed(1)} of ${megabytes.toFixed(0)} MB` : this.sentence;
    if (state === "failed") this.words.textContent = message;
    if (under) this.later(this.data);
    if (state === "here") {
      this.element.hidden = true;
      this.arrived(this.data);
    }
  }
};
