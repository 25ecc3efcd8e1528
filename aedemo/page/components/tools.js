// The tools over the tabs: a link to what is shown, the program behind it, the projector; and what a link locks.
(() => {
  // The elements that a kind of control is made of; sliders and choices are found by their names.
  const PLACES = {
    tab: "#ae-tabs > .tab-wrapper", data: ".ae-data",
    image: "#ae-sidebar :is(.ae-buttons, .ae-thumbs, .ae-user-image, .ae-drawing, .ae-camera)", seed: ".ae-seed",
  };
  const list = (name) => (aedemo.view[name] ? aedemo.view[name].split(",") : []);
  const part = ({ key }) => `:is(.ae-slider, .ae-choice, .ae-legend)[data-name="${key}"], [data-picks~="${key}"] .ae-image`;
  const of = ({ key, kind }) => [key, kind === "plane" ? "choice" : kind]; // how planes are seen is a choice too
  const selectors = (held) =>
    held.map((name) => PLACES[name] ?? [...aedemo.link.entries.values()].filter((entry) => of(entry).includes(name)).map(part).join());

  // Locked: seen, but out of reach; hidden: out of sight as well. Tabs come to life late, so each does this again.
  aedemo.applyLocks = () => {
    for (const [name, className] of [["lock", "ae-locked"], ["hide", "ae-away"]]) {
      for (const selector of selectors(list(name))) {
        for (const element of document.querySelectorAll(selector)) {
          element.classList.add(className);
          element.inert = true;
        }
      }
    }
  };
  aedemo.isLocked = (kind) => [...list("lock"), ...list("hide")].includes(kind);

  const project = () => {
    document.body.classList.toggle("ae-projector", Boolean(aedemo.view.projector));
    document.querySelector("[data-tool=projector]")?.setAttribute("aria-pressed", Boolean(aedemo.view.projector));
    document.dispatchEvent(new Event("aedemo:theme")); // figures are painted again, with larger type
  };

  const copy = async (text, note, words) => {
    try {
      await navigator.clipboard.writeText(text);
      note.textContent = words;
    } catch {
      note.textContent = "This browser does not let the page copy. Select the text and copy it yourself.";
    }
  };

  // --- the link ----------------------------------------------------------------------------------------------------
  const share = (panel) => {
    const find = (selector) => panel.querySelector(selector);
    const [field, note, large] = [".ae-link", "[data-share=note]", "[data-share=projector]"].map(find);
    const rows = [...panel.querySelectorAll("[data-hold]")];
    const held = (what) => {
      const chosen = rows.filter((row) => row.querySelector("input:checked").value === what).map((row) => row.dataset.hold);
      const single = list(what).filter((name) => !rows.some((row) => row.dataset.hold === name)); // a link named one control
      return [...chosen, ...single].join();
    };
    const write = () => {
      const text = aedemo.link.text({ lock: held("lock"), hide: held("hide"), projector: large.checked ? "1" : "" });
      field.value = `${location.origin}${location.pathname}#${text}`;
      const isUserImage = aedemo.state.image && !aedemo.state.image.startsWith("gallery:");
      note.textContent = isUserImage ? "Your own image stays in this page: the link says all but that." : "";
    };
    panel.addEventListener("beforetoggle", ({ newState }) => {
      if (newState !== "open") return;
      large.checked = Boolean(aedemo.view.projector);
      for (const row of rows) {
        const now = ["lock", "hide"].find((what) => list(what).includes(row.dataset.hold)) ?? "";
        row.querySelector(`input[value="${now}"]`).checked = true;
      }
      write();
    });
    panel.addEventListener("change", write);
    field.addEventListener("focus", () => field.select());
    find("[data-share=copy]").onclick = () => copy(field.value, note, "The link is on your clipboard.");
  };

  // Written by the server, and in a static edition by static.js.
  aedemo.program ??= async (view) => {
    const address = `${aedemo.address("/program.py")}?${view}`;
    const response = await fetch(address);
    return { ok: response.ok, written: await response.text(), address };
  };

  // --- the program ---------------------------------------------------------------------------------------------------
  const code = (panel) => {
    const find = (selector) => panel.querySelector(selector);
    const [program, save, note] = ["code", "[data-code=save]", "[data-code=note]"].map(find);
    panel.addEventListener("beforetoggle", async ({ newState }) => {
      if (newState !== "open") return;
      program.textContent = note.textContent = ""; // not the program of what was shown before
      const response = await aedemo.program(aedemo.link.view()).catch(() => null);
      program.textContent = response?.written ?? "The server did not respond. Open this again to retry.";
      note.textContent = response?.ok ? "It needs aedemo installed: run it beside this project with “uv run python”." : "";
      if (response) save.href = response.address;
    });
    find("[data-code=copy]").onclick = () => copy(program.textContent, note, "The program is on your clipboard.");
  };

  aedemo.mountTools = (element) => {
    const find = (selector) => element.querySelector(selector);
    find("[data-tool=projector]").onclick = () => {
      aedemo.view.projector = aedemo.view.projector ? "" : "1";
      project();
      aedemo.link.write();
    };
    find("[data-tool=next]").onclick = () => document.querySelector("#ae-sidebar [data-do=next]").click();
    // The guide moves all of these, unless a link has opened it.
    find("[data-tool=tour]").hidden = !aedemoSettings.tour.length || (!aedemo.view.step && ["tab", "data", "image", "slider", "choice"].some(aedemo.isLocked));
    find("[data-tool=next]").disabled = aedemo.isLocked("image");
    find("[data-tool=tour]").onclick = () => aedemo.tour.toggle();
    share(find("#ae-share"));
    code(find("#ae-code"));
    project();
    aedemo.applyLocks();
  };
})();
