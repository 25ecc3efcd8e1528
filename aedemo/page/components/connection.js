// aedemo.reach: as fetch, but a server that cannot be reached is asked again until it answers. What is asked may be asked
// twice, since the server keeps nothing of a person.
(() => {
  const PAUSES = [500, 1000, 2000, 4000]; // milliseconds before the next try; then always the last
  const LOOK = 2500, PATIENCE = 20000; // when to look whether the server is there, and how long that may take
  const AWAY = [502, 503, 504]; // what a proxy says of a server that is gone or still starting
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const waiting = new Set(); // the requests that have found no server

  const notice = document.createElement("p");
  Object.assign(notice, { className: "ae-lost", hidden: true });
  notice.setAttribute("role", "alert");
  const say = () => {
    notice.textContent = waiting.size
      ? "The server cannot be reached. What is shown stays and its sliders move; the page asks again until it answers."
      : "";
    notice.hidden = !waiting.size;
    if (!notice.isConnected) document.body.append(notice);
  };

  // Ends when nobody is there any more while a response is waited for: a connection may be cut without a word.
  const gone = async (pending) => {
    let over = false;
    pending.finally(() => (over = true)).catch(() => {});
    for (;;) {
      await pause(LOOK);
      if (over) return null;
      const there = await fetch(aedemo.address("/alive"), { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })
        .then((response) => response.ok, () => false);
      if (!there) return null;
    }
  };

  // The response as a whole, or null where there is none.
  const attempt = async (address, options) => {
    const controller = new AbortController(); // up: when it is asked again, nobody waits for the first response
    options.signal?.addEventListener("abort", () => controller.abort());
    const whole = fetch(address, { ...options, signal: controller.signal }).then(async (response) => {
      if (AWAY.includes(response.status)) return null;
      return new Response(await response.arrayBuffer(), response); // it may break off on the way
    }).catch(() => null);
    return Promise.race([whole, gone(whole).finally(() => controller.abort())]);
  };

  aedemo.reach = async (address, options = {}) => {
    const request = {};
    for (let turn = 0; ; turn += 1) {
      const response = await attempt(address, options);
      if (options.signal?.aborted) throw options.signal.reason;
      response ? waiting.delete(request) : waiting.add(request);
      say();
      if (response) aedemo.trouble = aedemo.failure(response.status, response.headers.get("content-type") ?? "", response.headers.get("retry-after") ?? "");
      if (response) return response;
      await pause(PAUSES[Math.min(turn, PAUSES.length - 1)]);
    }
  };
})();
