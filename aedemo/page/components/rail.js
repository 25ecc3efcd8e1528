// The rail: the picture is chosen here, once, for all tabs. Galleries already seen are kept, so that going back to a
// data set asks for nothing.
aedemo.mountRail = (element) => {
  const find = (selector) => element.querySelector(selector);
  const galleries = new Map(); // data set -> {data, items, sprite, message}
  const link = { picture: aedemo.link.take("picture") }; // what a link names, until its data set is here
  const sets = [...element.querySelectorAll("input[name=ae-data]")];
  const { first, squares } = find("[data-first]").dataset;
  const rail = (aedemo.rail = { wanted: first });
  const [large, thumbs, source, say] = [".ae-large canvas", ".ae-thumbs", ".ae-source", ".ae-rail-message"].map(find);
  let gallery;
  let remark = null; // what is to be said of a file beside the answer that follows

  const tell = (sentence) => {
    say.textContent = sentence ?? "";
    say.hidden = !sentence;
  };

  const mark = (index) => {
    rail.index = index; // -1 for a picture of one's own
    [...thumbs.children].forEach((button, i) => button.setAttribute("aria-pressed", i === index));
    const chosen = thumbs.children[index]; // scrolled into sight inside the gallery: the page itself stays where it is
    if (chosen) thumbs.scrollTo({ top: chosen.offsetTop - thumbs.offsetTop - 64, left: chosen.offsetLeft - thumbs.offsetLeft - 64 });
  };

  const describe = (title, words) => {
    large.parentElement.setAttribute("aria-label", title);
    source.textContent = words;
  };

  // --- an image of one's own ---------------------------------------------------------------------------------------
  const own = (rail.own = new aedemo.Own(element, {
    tell,
    drawingInk: () => !!gallery?.sprite && gallery.sprite.pixelated,
    square: (data) => (squares.split(" ").includes(data) ? "square" : "any"),
    async ask(wish) {
      if (!wish) return; // cancelled before its turn came
      const data = rail.wanted;
      const { turn } = own;
      const left = () => turn !== own.turn; // another image was chosen meanwhile
      const moves = own.moves && wish === own.image;
      const first = !wish.strokes && !wish.copy;
      const answer = await own.request(wish, data).catch((error) => ({ opened: null, message: error.message }));
      if (left()) return;
      if (!answer) return own.brought || formerStays(); // cancelled
      const { opened, message } = answer;
      if (first) {
        await own.took(wish, opened);
        remark = opened ? null : message;
        if (left()) return;
      }
      if (data !== rail.wanted && own.there) return own.again(); // another data set was chosen meanwhile
      if (!opened?.picture && aedemo.state.data !== rail.wanted) {
        if (own.image && wish !== own.image) return own.again();
        formerStays();
      }
      tell(message ?? remark);
      remark = null;
      if (!opened) return;
      await own.keep(wish, opened, data);
      if (left() || !opened.picture) return;
      aedemo.draw(large, await aedemo.sprite(opened.sprite), 0);
      describe(wish.title, `${wish.title}. It is kept in this page and nowhere else.`);
      mark(-1);
      if (left() || moves) return;
      aedemo.choose({ data, picture: opened.picture });
      await aedemo.settled();
      if (own.drawingOpen) own.echo();
    },
  }));

  // An image that cannot be shown: the former stays, but of the data set that was chosen meanwhile.
  const formerStays = () => {
    if (gallery?.data === rail.wanted && aedemo.state.data !== rail.wanted && gallery.items.length) show(0);
  };

  const show = (index) => {
    const [id, title, words] = gallery.items[index];
    aedemo.draw(large, gallery.sprite, index);
    describe(title, words);
    mark(index);
    aedemo.choose({ data: gallery.data, picture: `gallery:${id}` });
  };

  const pick = (index) => {
    own.leave();
    tell(gallery.message); // what was said of a file that could not be opened is over
    show(index);
  };

  const open = (shown) => {
    gallery = shown;
    thumbs.replaceChildren(
      ...gallery.items.map(([, title], i) => {
        const button = document.createElement("button");
        const canvas = document.createElement("canvas");
        Object.assign(button, { type: "button", title, onclick: () => pick(i) });
        button.setAttribute("aria-label", title);
        aedemo.draw(canvas, gallery.sprite, i);
        button.append(canvas);
        return button;
      }),
    );
    tell(gallery.message);
    if (own.there) return own.again(); // whoever brought a picture sees it with the other models
    if (gallery.items.length) return pick(linked(gallery.items));
    // A data set without pictures: the page says so, and uploads and stored maps still work.
    large.getContext("2d").clearRect(0, 0, large.width, large.height);
    describe("No picture", "");
    aedemo.choose({ data: gallery.data, picture: "" });
  };

  // The picture that the link names, once; else the first.
  const linked = (items) => {
    const { picture } = link;
    link.picture = null;
    const index = items.findIndex(([id]) => id === picture);
    if (picture && index < 0) aedemo.link.ignore("picture", picture);
    if (picture !== null) setTimeout(aedemo.link.say); // once: not again whenever another data set is chosen
    return Math.max(0, index);
  };

  const change = (data) => {
    rail.wanted = data;
    if (galleries.has(data)) open(galleries.get(data));
    else ask(data);
  };

  const ask = async (data) => {
    const answer = await aedemo.reach(aedemo.address(`/gallery?${new URLSearchParams({ data, v: aedemoSettings.release })}`));
    if (!answer.ok) return tell(aedemo.trouble);
    const payload = await answer.json();
    const sprite = payload.sprite ? await aedemo.sprite(payload.sprite) : null;
    if (!payload.message) galleries.set(payload.data, { ...payload, sprite });
    if (payload.data === rail.wanted) open({ ...payload, sprite });
  };

  rail.tell = tell;
  find(".ae-data").addEventListener("change", (event) => change(event.target.value));
  find("[data-do=next]").onclick = () => gallery?.items.length && pick((rail.index + 1) % gallery.items.length);
  find("[data-do=random]").onclick = () => {
    const count = gallery?.items.length ?? 0;
    const step = 1 + Math.floor(Math.random() * (count - 1)); // never the same picture again
    if (count > 1) pick((Math.max(0, rail.index) + step) % count);
  };

  const [seed, said] = [find("#seed"), find("output[for=seed]")];
  const setSeed = () => {
    seed.parentElement.style.setProperty("--fill", seed.value / seed.max);
    said.textContent = seed.value;
    aedemo.choose({ seed: +seed.value });
  };
  seed.addEventListener("input", setSeed);
  const choose = (data) => {
    for (const input of sets) input.checked = input.value === data;
    rail.wanted = data;
  };
  seed.value = aedemo.link.take("seed") ?? 0;
  if (+seed.value) setSeed();
  choose(aedemo.link.take("data") ?? rail.wanted);

  // Data set, picture and seed as a step of the guided way says them.
  rail.open = (said) => {
    if (said.has("seed")) {
      seed.value = said.get("seed");
      setSeed();
    }
    const data = said.get("data") ?? rail.wanted;
    link.picture = said.get("picture") ?? null;
    if (data === gallery?.data && !link.picture) return;
    own.leave();
    choose(data);
    change(data);
  };

  ask(rail.wanted);
};
