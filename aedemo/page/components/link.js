// The address bar names the gallery picture that is shown, so that a link to the page opens on it.
aedemo.link = {
  read() {
    const given = new URLSearchParams(location.search);
    return { data: given.get("data"), picture: given.get("picture"), seed: given.get("seed") };
  },

  // A picture of one's own has no name that others could open: the link then says the data set and the seed alone.
  write({ data, picture, seed }) {
    const url = new URL(location.href);
    const set = (key, value) => (value ? url.searchParams.set(key, value) : url.searchParams.delete(key));
    set("data", data);
    set("picture", picture.startsWith("gallery:") ? picture.slice("gallery:".length) : "");
    set("seed", seed);
    history.replaceState(history.state, "", url);
  },
};
