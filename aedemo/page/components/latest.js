// One request under way at a time, and of all that is wanted meanwhile the newest kept.
aedemo.Latest = class {
  constructor(run) {
    this.run = run; // job -> a promise that ends when the response is seen; a job is made only when it is sent
    this.waiting = [];
  }

  async ask(makeWish) {
    this.waiting = [makeWish];
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.waiting.length) await this.run(this.waiting.pop()());
    } finally {
      this.busy = false;
    }
  }
};
