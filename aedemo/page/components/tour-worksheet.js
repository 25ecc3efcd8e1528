// The guided tour on paper: each step's question with room for a prediction, what to move, room for what was seen; the
// solutions stand on the last page.
(() => {
  const LINES = 2;

  const made = (name, className, ...children) => {
    const element = Object.assign(document.createElement(name), { className });
    element.append(...children);
    return element;
  };

  // The words of one phase. What the page would show there is filled in by hand.
  const copied = (elements) =>
    elements.map((element) => {
      const copy = element.cloneNode(true);
      copy.hidden = false;
      for (const output of copy.querySelectorAll("output")) output.replaceWith("______");
      for (const button of copy.querySelectorAll("button")) button.replaceWith(`☐ ${button.textContent}`);
      return copy;
    });

  const room = (title) => made("div", "ae-room", made("p", "", title), ...Array.from({ length: LINES }, () => made("hr", "")));

  addEventListener("beforeprint", () => {
    document.getElementById("ae-worksheet")?.remove();
    const { pages } = aedemo.tour;
    if (!aedemo.view.step || !pages) return;
    const titles = aedemoSettings.tour.map(({ title }) => title);
    const steps = pages.map(([predict, move], step) =>
      made("section", "", made("h2", "", `${step}. ${titles[step]}`), ...copied(predict), room("My prediction, and why:"), ...copied(move), room("What I saw:")),
    );
    const solutions = pages.map((phases, step) => made("section", "", made("h3", "", `${step}. ${titles[step]}`), ...copied(phases[3])));
    const sheet = made("div", "prose", ...steps, made("div", "ae-solutions", made("h2", "", "Solutions"), ...solutions));
    sheet.id = "ae-worksheet";
    document.getElementById("ae-shell").after(sheet); // inside Gradio, whose styles draw formulas
  });
  addEventListener("afterprint", () => document.getElementById("ae-worksheet")?.remove());
})();
