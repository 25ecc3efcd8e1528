// The rail: the picture is chosen here, once, for all tabs. Galleries already seen are kept, so that going back to a
// data set asks for nothing.
aedemo.mountRail = (element, trigger, watch, props, upload) => {
  const find = (selector) => element.querySelector(selector);
  const galleries = new Map(); // data set -> {data, items, sprite, message}
  const rail = (aedemo.rail = { wanted: element.querySelector("[data-first]").dataset.first, file: null });
  const [large, thumbs, source, say] = [".ae-large canvas", ".ae-thumbs", ".ae-source", ".ae-rail-message"].map(find);
  let gallery;

  const tell = (sentence) => {
    say.textContent = sentence ?? "";
    say.hidden = !sentence;
  };

  const mark = (index) => {
    rail.index = index;
    [...thumbs.children].forEach((button, i) => button.setAttribute("aria-pressed", i === index));
    const chosen = thumbs.children[index]; // scrolled into sight inside the gallery: the page itself stays where it is
    if (chosen) thumbs.scrollTo({ top: chosen.offsetTop - thumbs.offsetTop - 64, left: chosen.offsetLeft - thumbs.offsetLeft - 64 });
  };

  const describe = (title, words) => {
    large.parentElement.setAttribute("aria-label", title);
    source.textContent = words;
  };

  const pick = (index) => {
    const [id, title, words] = gallery.items[index];
    aedemo.draw(large, gallery.sprite, index);
    describe(title, words);
    mark(index);
    tell(gallery.message); // what was said of a file that could not be opened is over
    aedemo.choose({ data: gallery.data, picture: `gallery:${id}` });
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
    if (gallery.items.length) return pick(0);
    // A data set that could not be fetched: the page says so, and uploads and stored maps still work.
    large.getContext("2d").clearRect(0, 0, large.width, large.height);
    describe("No picture", "");
    aedemo.choose({ data: gallery.data, picture: "" });
  };

  const show = (data) => {
    rail.wanted = data;
    if (galleries.has(data)) open(galleries.get(data));
    else trigger("gallery");
  };

  const fill = async (payload) => {
    if (payload.opened) {
      if (payload.data !== aedemo.state.data) return; // another data set was chosen meanwhile
      const sprite = await aedemo.sprite(payload.opened.sprite);
      aedemo.draw(large, sprite, 0);
      describe(payload.opened.title, payload.opened.source);
      mark(-1);
      tell(payload.message);
      return aedemo.choose({ picture: payload.opened.picture });
    }
    if (!payload.items) return tell(payload.message);
    const sprite = payload.sprite ? await aedemo.sprite(payload.sprite) : null;
    if (!payload.message) galleries.set(payload.data, { ...payload, sprite });
    if (payload.data === rail.wanted) open({ ...payload, sprite });
  };

  const send = async (file) => {
    if (!file) return;
    tell(null);
    try {
      const { path } = await upload(file);
      rail.file = { path, orig_name: file.name, meta: { _type: "gradio.FileData" } };
      trigger("open");
    } catch {
      tell("The file did not reach the server. Is it a picture of less than 30 MB?");
    }
  };

  rail.failed = () => tell("The server did not answer. What is shown stays.");
  find(".ae-data").addEventListener("change", (event) => show(event.target.value));
  find("[data-do=next]").onclick = () => gallery?.items.length && pick((rail.index + 1) % gallery.items.length);
  find("[data-do=random]").onclick = () => {
    const count = gallery?.items.length ?? 0;
    const step = 1 + Math.floor(Math.random() * (count - 1)); // never the same picture again
    if (count > 1) pick((Math.max(0, rail.index) + step) % count);
  };

  const file = find("input[type=file]");
  find("[data-do=upload]").onclick = () => file.click();
  file.addEventListener("change", () => send(file.files[0]).then(() => (file.value = "")));
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    send(event.dataTransfer.files[0]);
  });
  document.addEventListener("paste", (event) => send(event.clipboardData?.files[0]));

  const [seed, said] = [find("#seed"), find("output[for=seed]")];
  seed.addEventListener("input", () => {
    seed.parentElement.style.setProperty("--fill", seed.value / seed.max);
    said.textContent = seed.value;
    aedemo.choose({ seed: +seed.value });
  });

  watch("value", () => props.value && fill(JSON.parse(props.value)));
  if (props.value) fill(JSON.parse(props.value));
  else trigger("gallery");
};
