// The static edition: there is no server, and each address that the page asks for is a file beside it. A query becomes
// the file's name, as static/documents.py writes it: /view/deep?data=digits&image=24 is view/deep/data=digits,image=24.view.
// A page that runs has nothing of this file.
(() => {
  const { edition, views, release } = aedemoSettings;
  const ENDINGS = { view: ".view", pieces: ".piece", gallery: ".json", "codes.csv": ".csv.gz", training: ".replay" };

  // The release behind it lets browsers tell a file from its namesake of an older edition.
  aedemo.address = (path) => {
    const [place, query] = path.split("?");
    const ending = ENDINGS[place.split("/")[1]] ?? "";
    const asked = new URLSearchParams(query);
    asked.delete("v");
    if (place === "/training") asked.sort(); // as static/runs.py does
    const name = String(asked) && `/${String(asked).replaceAll("&", ",")}`;
    return new URL(`.${place}${name}${ending}?v=${release}`, document.baseURI).href;
  };

  const load = async (path, signal) => {
    const response = await aedemo.reach(aedemo.address(path), { signal });
    const sentence = aedemo.failure(response.status, response.headers.get("content-type") ?? "");
    if (sentence) throw Object.assign(new Error(`${response.status} of ${path}`), { sentence });
    return response;
  };
  const unzipped = (response) => new Response(response.body.pipeThrough(new DecompressionStream("gzip")));

  // --- views -------------------------------------------------------------------------------------------------------
  // What several documents have in common lies in pieces; each is asked for once.
  const pieces = new Map();
  const piece = ({ piece: name, type }) => {
    const read = async () => {
      const response = await load(`/pieces/${name}`);
      return type === "application/json" ? unzipped(response).json() : new Blob([await response.arrayBuffer()], { type });
    };
    const lost = () => pieces.delete(name); // the next document tries again
    if (!pieces.has(name)) pieces.set(name, read()), pieces.get(name).catch(lost);
    return pieces.get(name);
  };
  const complete = async (value) => {
    if (value?.piece) return piece(value);
    if (Array.isArray(value)) return Promise.all(value.map(complete));
    if (value?.constructor !== Object) return value;
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await complete(item)])));
  };

  // The choices of a request -> the same as its document is named; undefined where there is none.
  const stored = (tab, data, asked) => {
    const { requests, aliases } = edition.views[data]?.[tab] ?? { requests: [], aliases: {} };
    return requests.includes(asked) ? asked : aliases[asked];
  };

  // A tab is asked for as it begins, with the parts that were chosen otherwise. {tab, data, place, asked} of each.
  const requests = (tab, wanted, part) => {
    const named = (choices, name) => {
      const query = aedemo.viewQuery(tab, { ...wanted, choices }, name);
      const pairs = [...query].filter(([key]) => !["data", "image", "seed"].includes(key));
      const place = [...query].filter(([key]) => ["data", "image", "seed"].includes(key));
      const text = (list) => list.map(([key, value]) => `${key}=${value}`).join("&");
      return { place: text(place), asked: text(pairs) };
    };
    if (part) return [named(wanted.choices, part)];
    const changed = (name) => (wanted.choices[name] ?? views[tab].choices[name]) !== views[tab].choices[name];
    const parts = views[tab].parts.filter(({ covers }) => covers.some(changed));
    const covered = parts.flatMap(({ covers }) => covers);
    const rest = Object.fromEntries(Object.entries(wanted.choices).filter(([name]) => !covered.includes(name)));
    return [named(rest), ...parts.map(({ name }) => named(wanted.choices, name))];
  };

  const here = (tab, wanted, part) => requests(tab, wanted, part).every(({ asked }) => stored(tab, wanted.data, asked) !== undefined);

  const document_ = async (tab, data, { place, asked }, signal) => {
    const query = [place, stored(tab, data, asked)].filter(Boolean).join("&");
    const response = await load(`/view/${tab}?${query}`, signal);
    return complete(aedemo.unpack(await unzipped(response).arrayBuffer()));
  };

  const together = (first, second) => {
    const both = Object.entries(first).map(([slot, value]) => [slot, value?.constructor === Object ? { ...value, ...second[slot] } : value ?? second[slot]]);
    return Object.fromEntries(both);
  };

  aedemo.fetchView = async (tab, wanted, part, signal) => {
    if (!here(tab, wanted, part)) return { message: reason(tab, wanted), later: {} };
    const found = await Promise.all(requests(tab, wanted, part).map((one) => document_(tab, wanted.data, one, signal)));
    return found.reduce(together);
  };

  // --- what needs a server behind the page -------------------------------------------------------------------------
  const NOT_HERE = "This is not part of the static edition.";
  const row = (tab, choice) => edition.onDemand.find((one) => one.tab === tab && one.choice === choice);
  const reason = (tab, { choices }) => {
    const asked = edition.onDemand.find((one) => one.tab === tab && choices[one.choice] && (!one.values.length || one.values.includes(choices[one.choice])));
    return asked?.sentence ?? NOT_HERE;
  };

  // The sentence, and a link to the same view on a page that runs, where one is known.
  aedemo.onDemand = (tab, choice = "") => {
    const note = Object.assign(document.createElement("p"), { className: "ae-quiet ae-on-demand", textContent: `${row(tab, choice)?.sentence ?? NOT_HERE} ` });
    if (!edition.live) return note;
    const link = Object.assign(document.createElement("a"), { textContent: "Open this view on the running page.", target: "_blank", rel: "noopener" });
    const point = () => (link.href = `${edition.live}#${aedemo.link.text()}`);
    for (const event of ["pointerenter", "focus", "click"]) link.addEventListener(event, point);
    point();
    note.append(link);
    return note;
  };

  // A choice of which a tab offers more than was exported: the rest is out of reach, and it is said why.
  aedemo.offer = (tabView) => {
    const wanted = tabView.viewArguments();
    for (const { slot, name, element } of tabView.widgets) {
      if (slot !== "choices") continue;
      const inputs = [...element.querySelectorAll("input")];
      for (const input of inputs) {
        const { value } = input;
        input.disabled = !input.checked && !here(tabView.name, { ...wanted, choices: { ...wanted.choices, [name]: value } });
      }
      const note = element.querySelector(".ae-on-demand");
      const some = inputs.some(({ disabled }) => disabled);
      if (some && !note) element.append(aedemo.onDemand(tabView.name, name));
      if (note) note.hidden = !some;
    }
  };

  // In the sidebar, instead of the buttons for a user's image, and below the seed.
  aedemo.mountNotes = (find) => {
    find("[data-do=upload]").parentElement.replaceWith(aedemo.onDemand(""));
    find(".ae-seed").after(aedemo.onDemand("", "seed"));
    find(".ae-seed").hidden = find("#seed").max === "0";
  };

  // --- training runs -------------------------------------------------------------------------------------------------
  const runName = (path) => decodeURIComponent(aedemo.address(path).split("/training/")[1].split(".replay")[0]);
  aedemo.replayBody = (response) => unzipped(response).body;
  aedemo.checkReplay = (path) => {
    if (!edition.runs.includes(runName(path))) throw new Error(row("training", "").sentence);
  };
  aedemo.mountTraining = (settings) => settings.append(aedemo.onDemand("training"));

  // --- files ---------------------------------------------------------------------------------------------------------
  aedemo.codes = async (asked) => {
    const query = new URLSearchParams(["data", "variant", "run"].map((name) => [name, asked.get(name)]));
    return URL.createObjectURL(await unzipped(await load(`/codes.csv?${query}`)).blob());
  };

  // The program of what is shown, as program.py writes it: its settings stand between the pieces of its text.
  aedemo.program = async (asked) => {
    if (asked.get("tab") === "training") {
      const address = aedemo.address(aedemo.tabViews.get("training").key()).replace(".replay?", ".py?");
      const response = await aedemo.reach(address, {});
      return { ok: response.ok, written: response.ok ? await response.text() : row("training", "").sentence, address };
    }
    const programs = await (await load("/programs.json")).json();
    const { text, names, offered } = programs[asked.get("tab")];
    const literal = ({ key, name, literal: start }) => {
      const text = asked.get(key) ?? "";
      const number = parseFloat(text) / (text.endsWith("%") ? 100 : 1);
      const same = ([value]) => value === text || (value !== "" && Number(value) === number);
      return Object.entries(offered[name]).find(same)?.[1] ?? start;
    };
    const written = text.map((piece, i) => piece + (names[i] ? literal(names[i]) : "")).join("");
    return { ok: true, written, address: URL.createObjectURL(new Blob([written], { type: "text/x-python" })) };
  };
})();
