// The stages of a network diagram, from left to right. Each is {node, left, right, update(view)}: how high it stands at
// its two sides, 1 as high as an image, where wedges join it to its neighbours.
// view: {diagram, frame, largest, moved, still, image(role), words(role)}.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const make = (tag, className, ...children) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children);
    return node;
  };
  const thousands = (count) => count.toLocaleString("en");
  const one = (count, words) => `${thousands(count)} ${words}${count === 1 ? "" : "s"}`;
  // How high a layer of so many numbers stands, beside the largest: each doubling adds the same.
  const height = (size, largest) => Math.min(1, 0.6 + (0.4 * Math.log(size)) / Math.log(Math.max(largest, 2)));

  // A stage: its body, and under it a symbol, beside that a metric, and a line with its size.
  const stage = (kind, body) => {
    const lines = [make("b"), make("em"), make("span")];
    const node = make("figure", `ae-stage ae-stage-${kind}`, make("div", "ae-body", body), make("figcaption", "", ...lines));
    const say = (symbol, size, metric = "") => {
      [symbol, metric, size].forEach((words, i) => lines[i].textContent !== words && (lines[i].textContent = words));
    };
    const stand = (left, right = left) => {
      Object.assign(made, { left, right });
      made.body.style.height = `${100 * Math.max(left, right)}%`;
    };
    const made = { node, body: node.firstChild, say, stand, left: 1, right: 1 };
    return made;
  };

  // title, numbers: from the view
  const image = (role, title, numbers) => {
    const canvas = make("canvas");
    const made = stage("image", canvas);
    made.update = (view) => {
      const [sprite, frame] = view.image(role) ?? [];
      canvas.hidden = !sprite;
      if (sprite && (canvas.drawn !== sprite || canvas.frame !== frame)) aedemo.draw(canvas, sprite, frame);
      Object.assign(canvas, { drawn: sprite, frame });
      made.say(title(view), numbers(view), view.words(role));
    };
    return made;
  };

  const sized = (index) => ({ frame }) => {
    const [, size, , count] = frame.layers.at(index);
    return count > 1 ? `${count} patches` : thousands(size);
  };

  const dense = (index) => {
    const made = stage("dense", make("i"));
    made.update = ({ frame, largest }) => {
      const [, size, activation] = frame.layers[index];
      made.stand(height(size, largest));
      made.say(activation || "linear", thousands(size));
    };
    return made;
  };

  const code = (index, bars) => {
    const made = stage("code", bars.node);
    made.update = ({ frame, largest, moved, still }) => {
      const [, size, activation] = frame.layers[index];
      made.stand(Math.min(0.76, height(size, largest))); // room for the values under it
      made.node.style.setProperty("--units", frame.units ? 14 : Math.max(2, Math.min(12, size)));
      bars.update(frame, moved, still);
      const active = frame.units && [...frame.units].filter((digit) => digit !== "0").length;
      made.say(activation ? `z, ${activation}` : "z", frame.units ? `${active} of ${thousands(size)} active` : one(size, "number"));
    };
    return made;
  };

  // Squares in the image's order, those of removed patches empty; packed: the visible ones alone.
  const tokens = (index, packed) => {
    const svg = document.createElementNS(SVG, "svg");
    const made = stage("tokens", svg);
    made.update = ({ frame }) => {
      const count = frame.layers[index][3];
      const removed = [...(frame.mask ?? "")].flatMap((digit) => [8, 4, 2, 1].map((bit) => Boolean(parseInt(digit, 16) & bit))).slice(0, count);
      const hidden = removed.filter(Boolean).length;
      made.say(...(packed ? ["tokens", `${count - hidden} of ${count}`] : ["+ mask", one(hidden, "token")]));
      if (made.shown === `${count}${frame.mask}`) return;
      made.shown = `${count}${frame.mask}`;
      const side = Math.round(Math.sqrt(count));
      const places = Array.from({ length: count }, (_, place) => place).filter((place) => !packed || !removed[place]);
      const columns = packed ? Math.max(1, Math.ceil(places.length / side)) : side;
      svg.setAttribute("viewBox", `0 0 ${columns} ${side}`);
      svg.replaceChildren(...places.map((place, i) => {
        const [x, y] = packed ? [Math.floor(i / side), i % side] : [place % side, Math.floor(place / side)];
        const square = document.createElementNS(SVG, "rect");
        const [width, at] = [0.76, 0.12];
        for (const [name, value] of Object.entries({ x: x + at, y: y + at, width, height: width, rx: 0.1 })) square.setAttribute(name, value);
        if (removed[place]) square.setAttribute("class", "removed");
        return square;
      }));
    };
    return made;
  };

  const block = (index, kind, discarded) => {
    const made = stage(discarded ? `${kind} ae-discarded` : kind, make("i"));
    kind === "encoder" ? made.stand(0.86, 0.64) : made.stand(0.5, 0.66);
    made.update = ({ frame }) => {
      const [, , , count] = (discarded ? frame.discarded : frame.layers)[index];
      made.say(kind, discarded ? "thrown away" : one(count, "block"));
    };
    return made;
  };

  const classes = (index) => {
    const made = stage("dense", make("i"));
    made.stand(0.5);
    made.update = ({ frame }) => made.say("classes", thousands(frame.layers[index][1]));
    return made;
  };

  const sign = (text) => {
    const made = stage("sign", make("span", "", text));
    made.update = () => {};
    made.apart = true; // no wedge beside it
    return made;
  };

  const MAKERS = {
    input: () => image("input", ({ diagram }) => (diagram.target ? "x + noise" : "x"), sized(0)), dense, code, tokens: (index) => tokens(index, true),
    encoder: (index) => block(index, "encoder"), mask_tokens: (index) => tokens(index, false),
    decoder: (index) => block(index, "decoder"), classes, output: () => image("output", () => "y", sized(-1)),
  };

  // The stages of one network; a denoiser's begin with the clean image and the noise, and end with what is aimed at.
  aedemo.networkStages = ({ diagram, frame }, bars) => {
    const stages = frame.layers.map(([kind], index) => MAKERS[kind](index, bars));
    const discarded = (frame.discarded ?? []).map(([kind], index) => block(index, kind, true));
    stages.splice(stages.length - 1, 0, ...discarded);
    if (!diagram.target) return stages;
    const clean = (words) => image("target", () => "x", () => words);
    return [clean("clean"), sign("→"), ...stages, sign("≈"), clean("target")];
  };

  // The wedge between two stages: as high at each end as the stage that it meets.
  aedemo.networkWedge = () => {
    const svg = document.createElementNS(SVG, "svg");
    const shape = svg.appendChild(document.createElementNS(SVG, "polygon"));
    svg.setAttribute("class", "ae-wedge");
    svg.setAttribute("viewBox", "0 0 1 1");
    svg.setAttribute("preserveAspectRatio", "none");
    const update = (left, right) => shape.setAttribute("points", `0,${(1 - left) / 2} 1,${(1 - right) / 2} 1,${(1 + right) / 2} 0,${(1 + left) / 2}`);
    return { node: svg, update };
  };
})();
