// The guided way: seven steps of four phases. Entering a step brings the page to where it begins; its words show the
// page's own numbers, and follow them.
(() => {
  const steps = aedemoSettings.way; // [{title, begin, move}], begin as a link says it
  const way = (aedemo.way = { step: 0, phase: 0, guesses: [] });
  let pages; // step -> phase -> its elements

  const find = (selector) => document.querySelector(`#ae-way ${selector}`);
  const scene = () => aedemo.scenes.get(aedemo.active);

  // Headings divide what Markdown made: h1 begins a step, h2 a phase.
  const divide = () => {
    const first = find(".prose h1");
    if (!first) return null;
    const found = [];
    for (const element of first.parentElement.children) {
      if (element.tagName === "H1") found.push([]);
      else if (element.tagName === "H2") found.at(-1).push([]);
      else found.at(-1).at(-1).push(element);
      element.hidden = true;
    }
    for (const code of first.parentElement.querySelectorAll("code")) {
      if (!code.textContent.startsWith("{")) continue;
      const output = document.createElement("output");
      output.dataset.reads = code.textContent.slice(1, -1);
      code.replaceWith(output);
    }
    found.forEach((phases, step) => phases[0].filter(({ tagName }) => tagName === "UL").forEach((list) => quiz(list, step)));
    return found;
  };

  // A prediction is one of the answers offered, or none.
  const quiz = (list, step) => {
    list.className = "ae-way-guesses";
    for (const item of list.children) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: item.textContent.trim() });
      button.setAttribute("aria-pressed", "false");
      button.onclick = () => {
        way.guesses[step] = button.textContent;
        for (const other of list.querySelectorAll("button")) other.setAttribute("aria-pressed", other === button);
      };
      item.replaceChildren(button);
    }
  };

  const reading = (name) => {
    const [key, line] = name.split(".");
    const part = scene()?.parts.find((one) => one.name === key)?.element;
    return part?.querySelector(line ? `[data-line=${line}]` : "[data-line=big], output")?.textContent ?? part?.textContent ?? "–";
  };

  way.read = () => {
    if (!aedemo.view.step || !pages) return;
    for (const output of document.querySelectorAll("#ae-way output[data-reads]")) {
      if (output.checkVisibility()) output.textContent = reading(output.dataset.reads);
    }
  };

  const show = () => {
    const { title, move } = steps[way.step];
    pages.flat(2).forEach((element) => (element.hidden = true));
    pages[way.step][way.phase].forEach((element) => (element.hidden = false));
    find(".ae-way-title").textContent = title;
    const guess = way.phase === 2 ? way.guesses[way.step] : null;
    find(".ae-way-title").dataset.guess = guess ? `You said: ${guess}` : "";
    for (const kind of ["step", "phase"]) {
      document.querySelectorAll(`#ae-way [data-${kind}]`).forEach((button, i) => (i === way[kind] ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current")));
    }
    const last = way.step === steps.length - 1 && way.phase === 3;
    find("[data-way=back]").disabled = !way.step && !way.phase;
    find("[data-way=next]").textContent = last ? "Done" : way.phase === 3 ? "Next step" : "Next";
    for (const pointed of document.querySelectorAll(".ae-pointed")) pointed.classList.remove("ae-pointed");
    if (way.phase === 1) document.getElementById(move)?.classList.add("ae-pointed");
    way.read();
  };

  way.go = (step, phase = 0) => {
    const fresh = aedemo.view.step !== String(step + 1);
    Object.assign(way, { step, phase });
    aedemo.view.step = String(step + 1);
    if (fresh) aedemo.link.open(steps[step].begin);
    // On a phone the tab lies below the rail.
    if (fresh && innerWidth <= 900) document.getElementById("ae-tabs").scrollIntoView();
    aedemo.link.write();
    start();
  };

  way.toggle = () => (aedemo.view.step ? leave() : way.go(way.step));

  const leave = () => {
    aedemo.view.step = "";
    document.body.classList.remove("ae-on-way");
    document.querySelector("[data-tool=way]").setAttribute("aria-pressed", false);
    for (const pointed of document.querySelectorAll(".ae-pointed")) pointed.classList.remove("ae-pointed");
    aedemo.link.write();
  };

  // Markdown is drawn some time after the page.
  const start = () => {
    if (!aedemo.view.step) return;
    document.body.classList.add("ae-on-way");
    document.querySelector("[data-tool=way]")?.setAttribute("aria-pressed", true);
    pages ??= divide();
    if (pages) show();
    else setTimeout(start, 50);
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("#ae-way button");
    if (!button) return;
    const { step, phase, way: act } = button.dataset;
    if (step) way.go(+step);
    else if (phase) way.go(way.step, +phase);
    else if (act === "leave") leave();
    else if (act === "back") way.phase ? way.go(way.step, way.phase - 1) : way.go(way.step - 1, 3);
    else if (act === "next") way.phase < 3 ? way.go(way.step, way.phase + 1) : way.step < steps.length - 1 ? way.go(way.step + 1) : leave();
  });
  document.addEventListener("aedemo:filled", way.read);
  document.addEventListener("aedemo:moved", way.read);

  // A link says the step, and the rest of the page as it was left there.
  if (aedemo.view.step) {
    way.step = +aedemo.view.step - 1;
    start();
  }
})();
