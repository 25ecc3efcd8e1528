// The sidebar: the image is chosen here, once, for all tabs. Galleries already seen are kept, so that going back to a
// data set asks for nothing.
aedemo.mountSidebar = (element) => {
  const find = (selector) => element.querySelector(selector);
  const galleries = new Map(); // data set -> {data, items, sprite, message}
  const link = { image: aedemo.link.consume("image") }; // what a link names, until its data set is here
  const sets = [...element.querySelectorAll("input[name=ae-data]")];
  const { first, squares } = find("[data-first]").dataset;
  const sidebar = (aedemo.sidebar = { wanted: first });
  const [large, thumbs, source, say] = [".ae-large canvas", ".ae-thumbs", ".ae-source", ".ae-sidebar-message"].map(find);
  let gallery;
  let remark = null; // what is to be said of a file beside the response that follows

  const showMessage = (sentence) => {
    say.replaceChildren(sentence ?? "");
    say.hidden = !sentence;
  };

  const mark = (index) => {
    sidebar.index = index; // -1 for a user's image
    [...thumbs.children].forEach((button, i) => button.setAttribute("aria-pressed", i === index));
    const chosen = thumbs.children[index]; // scrolled into sight inside the gallery: the page itself stays where it is
    if (chosen) thumbs.scrollTo({ top: chosen.offsetTop - thumbs.offsetTop - 64, left: chosen.offsetLeft - thumbs.offsetLeft - 64 });
  };

  const describe = (title, words) => {
    large.parentElement.setAttribute("aria-label", title);
    source.textContent = words;
  };

  // --- a user's image ---------------------------------------------------------------------------------------
  const userImage = (sidebar.userImage = new aedemo.UserImage(element, {
    showMessage,
    drawingInk: () => !!gallery?.sprite && gallery.sprite.pixelated,
    square: (data) => (squares.split(" ").includes(data) ? "square" : "any"),
    async ask(job) {
      if (!job) return; // cancelled before its turn came
      const data = sidebar.wanted;
      const { turn } = userImage;
      const left = () => turn !== userImage.turn; // another image was chosen meanwhile
      const moves = userImage.moves && job === userImage.image;
      const first = !job.strokes && !job.copy;
      const response = await userImage.request(job, data).catch((error) => ({ opened: null, message: error.message }));
      if (left()) return;
      if (!response) return userImage.imported || formerStays(); // cancelled
      const { opened, message } = response;
      if (first) {
        await userImage.receive(job, opened);
        remark = opened ? null : message;
        if (left()) return;
      }
      if (data !== sidebar.wanted && userImage.there) return userImage.again(); // another data set was chosen meanwhile
      if (!opened?.image && aedemo.state.data !== sidebar.wanted) {
        if (userImage.image && job !== userImage.image) return userImage.again();
        formerStays();
      }
      showMessage(message ?? remark);
      remark = null;
      if (!opened) return;
      await userImage.show(job, opened, data);
      if (left() || !opened.image) return;
      aedemo.draw(large, await aedemo.sprite(opened.sprite), 0);
      describe(job.title, `${job.title}. It is kept in this page and nowhere else.`);
      mark(-1);
      if (left() || moves) return;
      aedemo.choose({ data, image: opened.image });
      await aedemo.settled();
      if (userImage.drawingOpen) userImage.echo();
    },
  }));

  // An image that cannot be shown: the former stays, but of the data set that was chosen meanwhile.
  const formerStays = () => {
    if (gallery?.data === sidebar.wanted && aedemo.state.data !== sidebar.wanted && gallery.items.length) show(0);
  };

  const show = (index) => {
    const [id, title, words] = gallery.items[index];
    aedemo.draw(large, gallery.sprite, index);
    describe(title, words);
    mark(index);
    aedemo.choose({ data: gallery.data, image: `gallery:${id}` });
  };

  const pick = (index) => {
    userImage.leave();
    showMessage(gallery.message); // what was said of a file that could not be opened is over
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
    showMessage(gallery.message);
    if (userImage.there) return userImage.again(); // whoever imported an image sees it with the other models
    if (gallery.items.length) return pick(linked(gallery.items));
    // A data set without images: the page says so, and uploads and stored maps still work.
    large.getContext("2d").clearRect(0, 0, large.width, large.height);
    describe("No image", "");
    aedemo.choose({ data: gallery.data, image: "" });
  };

  // The image that the link names, once; else the first.
  const linked = (items) => {
    const { image } = link;
    link.image = null;
    const index = items.findIndex(([id]) => id === image);
    if (image && index < 0) aedemo.link.ignore("image", image);
    if (image !== null) setTimeout(aedemo.link.say); // once: not again whenever another data set is chosen
    return Math.max(0, index);
  };

  const change = (data) => {
    sidebar.wanted = data;
    if (galleries.has(data)) open(galleries.get(data));
    else ask(data);
  };

  const ask = async (data) => {
    const response = await aedemo.reach(aedemo.address(`/gallery?${new URLSearchParams({ data, v: aedemoSettings.release })}`));
    if (!response.ok) return showMessage(aedemo.trouble);
    const payload = await response.json();
    const sprite = payload.sprite ? await aedemo.sprite(payload.sprite) : null;
    if (!payload.message) galleries.set(payload.data, { ...payload, sprite });
    if (payload.data === sidebar.wanted) open({ ...payload, sprite });
  };

  aedemo.mountNotes?.(find);
  sidebar.showMessage = showMessage;
  find(".ae-data").addEventListener("change", (event) => change(event.target.value));
  find("[data-do=next]").onclick = () => gallery?.items.length && pick((sidebar.index + 1) % gallery.items.length);
  find("[data-do=random]").onclick = () => {
    const count = gallery?.items.length ?? 0;
    const step = 1 + Math.floor(Math.random() * (count - 1)); // never the same image again
    if (count > 1) pick((Math.max(0, sidebar.index) + step) % count);
  };

  const [seed, shownSeed] = [find("#seed"), find("output[for=seed]")];
  const setSeed = () => {
    seed.parentElement.style.setProperty("--fill", seed.value / seed.max);
    shownSeed.textContent = seed.value;
    aedemo.choose({ seed: +seed.value });
  };
  seed.addEventListener("input", setSeed);
  const choose = (data) => {
    for (const input of sets) input.checked = input.value === data;
    sidebar.wanted = data;
  };
  seed.value = aedemo.link.consume("seed") ?? 0;
  if (+seed.value) setSeed();
  choose(aedemo.link.consume("data") ?? sidebar.wanted);

  // Data set, image and seed as a step of the guided tour says them.
  sidebar.open = (values) => {
    if (values.has("seed")) {
      seed.value = values.get("seed");
      setSeed();
    }
    const data = values.get("data") ?? sidebar.wanted;
    link.image = values.get("image") ?? null;
    if (data === gallery?.data && !link.image) return;
    userImage.leave();
    choose(data);
    change(data);
  };

  ask(sidebar.wanted);
};
