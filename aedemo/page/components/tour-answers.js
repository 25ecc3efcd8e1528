// Predictions of the guided tour: what would give the answer away is covered until one is chosen, and the page's own
// numbers say which is right, where they can.
(() => {
  const { tour } = aedemo;
  const steps = aedemoSettings.tour;
  const number = (text) => (text.includes("∞") ? Infinity : parseFloat(text.replace("−", "-")));

  const tabOf = (step) => new URLSearchParams(step?.begin).get("tab"); // which Gradio may still have to open

  // The diagram and the slider stay, what follows them is covered; leaving "Predict" uncovers as well.
  tour.cover = () => {
    for (const covered of document.querySelectorAll(".ae-cover")) covered.classList.remove("ae-cover");
    const hides = Boolean(aedemo.view.step) && !tour.phase && !tour.guesses[tour.step];
    document.body.classList.toggle("ae-predicts", hides);
    const tab = aedemo.tabViews.get(tabOf(steps[tour.step]))?.element;
    const moved = document.getElementById(steps[tour.step]?.move);
    let above = tab?.querySelector(".ae-network");
    if (!hides || !above || !tab.contains(moved)) return;
    for (; above !== tab; above = above.parentElement) {
      for (let after = above.nextElementSibling; after; after = after.nextElementSibling) {
        if (!after.contains(moved)) after.classList.add("ae-cover");
      }
    }
  };

  // The option that the numbers name; null where none decides.
  const right = ({ right: rule }) => {
    if (!rule) return null;
    const [first, second = 0] = rule.reads.map((name) => number(tour.reading(name)));
    const value = first - second;
    return Number.isNaN(value) ? null : rule.options[rule.limits.filter((limit) => value > limit).length];
  };

  const sentence = (guess, option, { right: rule }) => {
    const numbers = rule?.reads.map((name) => tour.reading(name)).join(" against ");
    if (!option) return "No single number decides this: judge by what you saw.";
    return guess === option ? `Right for this image: ${numbers}.` : `For this image the numbers say “${option}”: ${numbers}.`;
  };

  // The score, and what was predicted in each step.
  const recap = () => {
    const [given, judged] = [tour.guesses, tour.verdicts].map((list) => list.filter((one) => one !== undefined));
    const correct = judged.filter(Boolean).length;
    const list = Object.assign(document.createElement("ol"), { start: 0, tabIndex: 0 }); // which may scroll
    list.append(...steps.map(({ title }, i) => line(title.split(": ", 1)[0], tour.guesses[i], tour.verdicts[i])));
    return [`You predicted in ${given.length} of ${steps.length} steps. The page's numbers decided ${judged.length} of them: you were right in ${correct}.`, list];
  };

  const line = (title, guess, verdict) => {
    const judged = verdict === undefined ? "no number decided" : verdict ? "right" : "wrong";
    const item = document.createElement("li");
    item.dataset.verdict = guess === undefined ? "none" : judged;
    item.append(`${title}${title.endsWith("?") ? "" : ":"} `, guess === undefined ? "no prediction" : `“${guess}”, ${judged}`);
    return item;
  };

  // Under the words: the verdict with "See", the score at the very end.
  tour.judge = () => {
    const place = document.querySelector("#ae-tour .ae-tour-verdict");
    const [step, guess] = [steps[tour.step], tour.guesses[tour.step]];
    const ends = tour.step === steps.length - 1 && tour.phase === 3;
    const option = tour.phase === 2 && guess ? right(step) : null;
    if (option) tour.verdicts[tour.step] = option === guess;
    place.hidden = !ends && !(tour.phase === 2 && guess);
    place.replaceChildren(...(ends ? recap() : place.hidden ? [] : [sentence(guess, option, step)]));
  };
})();
