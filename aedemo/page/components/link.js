// The address bar names the gallery picture that is shown, so that a link to the page opens on it. It does so behind
// the #: before it, Gradio would send it with every request, and the clip paths of Plotly's figures, which name the
// page's address, would point to another page.
aedemo.link = {
  read() {
    const given = new URLSearchParams(location.hash.slice(1) || location.search);
    return { data: given.get("data"), picture: given.get("picture"), seed: given.get("seed") };
  },

  // A picture of one's own has no name that others could open: the link then says the data set and the seed alone.
  write({ data, picture, seed }) {
    const name = picture.startsWith("gallery:") ? picture.slice("gallery:".length) : "";
    const said = Object.entries({ data, picture: name, seed: seed || "" }).filter(([, value]) => value);
    history.replaceState(history.state, "", `#${new URLSearchParams(said)}`);
  },
};
