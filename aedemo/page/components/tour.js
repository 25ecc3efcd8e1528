// The guided tour: eight steps of four phases. Entering a step brings the page to where it begins; its words show the
// page's own numbers, and follow them.
(() => {
  const steps = aedemoSettings.tour; // [{title, begin, move, right}], begin as a link says it
  const tour = (aedemo.tour = { step: 0, phase: 0, guesses: [], verdicts: [] });
  let pages; // step -> phase -> its elements

  const find = (selector) => document.querySelector(`#ae-tour ${selector}`);
  const tabView = () => aedemo.tabViews.get(aedemo.active);

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
    list.className = "ae-tour-guesses";
    for (const item of list.children) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: item.textContent.trim() });
      button.setAttribute("aria-pressed", "false");
      button.onclick = () => {
        tour.guesses[step] = button.textContent;
        delete tour.verdicts[step]; // of the prediction before
        for (const other of list.querySelectorAll("button")) other.setAttribute("aria-pressed", other === button);
        tour.cover();
      };
      item.replaceChildren(button);
    }
  };

  const reading = (tour.reading = (name) => {
    const [key, line] = name.split(".");
    const part = tabView()?.widgets.find((one) => one.name === key)?.element;
    return part?.querySelector(line ? `[data-line=${line}]` : "[data-line=big], output")?.textContent ?? part?.textContent ?? "–";
  });

  tour.read = () => {
    if (!aedemo.view.step || !pages) return;
    for (const output of document.querySelectorAll("#ae-tour output[data-reads]")) {
      if (output.checkVisibility()) output.textContent = reading(output.dataset.reads);
    }
    tour.judge();
  };

  const show = () => {
    const { title, move } = steps[tour.step];
    pages.flat(2).forEach((element) => (element.hidden = true));
    pages[tour.step][tour.phase].forEach((element) => (element.hidden = false));
    find(".ae-tour-title").textContent = title;
    const guess = tour.phase === 2 ? tour.guesses[tour.step] : null;
    find(".ae-tour-title").dataset.guess = guess ? `You said: ${guess}` : "";
    for (const kind of ["step", "phase"]) {
      document.querySelectorAll(`#ae-tour [data-${kind}]`).forEach((button, i) => (i === tour[kind] ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current")));
    }
    const last = tour.step === steps.length - 1 && tour.phase === 3;
    find("[data-tour=back]").disabled = !tour.step && !tour.phase;
    find("[data-tour=next]").textContent = last ? "Done" : tour.phase === 3 ? "Next step" : "Next";
    for (const pointed of document.querySelectorAll(".ae-pointed")) pointed.classList.remove("ae-pointed");
    if (tour.phase === 1) document.getElementById(move)?.classList.add("ae-pointed");
    tour.cover();
    tour.read();
    tour.placed = false;
    place();
  };

  // What the step asks to move stands above the panel: now, and when the tab is filled, which may push it down.
  const place = () => {
    const moved = document.getElementById(steps[tour.step]?.move);
    if (!aedemo.view.step || !moved) return;
    if (!moved.checkVisibility()) return setTimeout(place, 100); // its tab is not open yet
    const [{ top, bottom }, panel] = [moved.getBoundingClientRect(), document.getElementById("ae-tour").getBoundingClientRect()];
    if (bottom > panel.top - 12) scrollBy(0, bottom - panel.top + 12);
    else if (top < 12) scrollBy(0, top - 12);
  };

  tour.go = (step, phase = 0) => {
    const fresh = aedemo.view.step !== String(step);
    Object.assign(tour, { step, phase });
    aedemo.view.step = String(step);
    if (fresh) aedemo.link.open(steps[step].begin);
    // On a phone the tab lies below the sidebar.
    if (fresh && innerWidth <= 900) document.getElementById("ae-tabs").scrollIntoView();
    aedemo.link.write();
    start();
  };

  tour.toggle = () => (aedemo.view.step ? leave() : tour.go(tour.step));

  const leave = () => {
    aedemo.view.step = "";
    tour.cover();
    document.body.classList.remove("ae-on-tour");
    document.querySelector("[data-tool=tour]").setAttribute("aria-pressed", false);
    for (const pointed of document.querySelectorAll(".ae-pointed")) pointed.classList.remove("ae-pointed");
    aedemo.link.write();
  };

  // Markdown is drawn some time after the page.
  const start = () => {
    if (!aedemo.view.step) return;
    document.body.classList.add("ae-on-tour");
    document.querySelector("[data-tool=tour]")?.setAttribute("aria-pressed", true);
    pages ??= tour.pages = divide();
    if (pages) show();
    else setTimeout(start, 50);
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("#ae-tour button");
    if (!button) return;
    const { step, phase, tour: act } = button.dataset;
    if (step) tour.go(+step);
    else if (phase) tour.go(tour.step, +phase);
    else if (act === "leave") leave();
    else if (act === "back") tour.phase ? tour.go(tour.step, tour.phase - 1) : tour.go(tour.step - 1, 3);
    else if (act === "next") tour.phase < 3 ? tour.go(tour.step, tour.phase + 1) : tour.step < steps.length - 1 ? tour.go(tour.step + 1) : leave();
  });
  document.addEventListener("aedemo:filled", () => {
    tour.read();
    tour.cover();
    if (!tour.placed) place();
    tour.placed = true;
  });
  document.addEventListener("aedemo:shown", tour.cover); // a tab that was filled before asks for nothing
  document.addEventListener("aedemo:moved", tour.read);

  // A presenter's keys lead through the guide, unless they move what has the focus.
  document.addEventListener("keydown", (event) => {
    const { key, target, altKey, ctrlKey, metaKey } = event;
    const way = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back" }[key];
    if (!way || altKey || ctrlKey || metaKey || !aedemo.view.step || !aedemo.view.projector) return;
    if (target.closest?.("input, select, textarea, canvas, [role=slider], [role=tab], [data-widget=plane], [contenteditable]")) return;
    find(`[data-tour=${way}]`).click();
    event.preventDefault();
  });

  // A link says the step, and the rest of the page as it was left there.
  if (aedemo.view.step) {
    tour.step = +aedemo.view.step;
    setTimeout(start); // when the files that follow are there
  }
})();
