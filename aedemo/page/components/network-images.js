// The tab's own large images beside a network diagram: the reconstruction and its error map follow a bar that is dragged, or
// the activation of the unit that is open. Of a photograph, the patch that the diagram is about follows, at its place.
aedemo.NetworkImages = class {
  constructor(network) {
    Object.assign(this, { network, replaced: new Map(), outlined: new Map() });
    for (const event of ["pointerenter", "pointerleave", "focusin", "focusout"]) network.element.addEventListener(event, () => this.outline());
  }

  show() {
    const { network } = this;
    const unit = this.unit();
    const { moved, traversal } = network;
    const found = moved && traversal?.sprite && traversal.of === moved.key && network.diagrams.find((one) => network.isMoved(one));
    const shown = new Map(found ? this.dragged(found, traversal.sprite) : unit ? this.made(network.diagram, ...unit) : []);
    for (const part of this.replaced.keys()) if (!shown.has(part)) part.replace(null);
    for (const [part, one] of shown) part.replace(one);
    this.replaced = shown;
    this.outline();
  }

  // The patch is outlined in the large images while a bar of it is moved, or while somebody is at the diagram.
  outline() {
    const { network } = this;
    const seen = network.element.matches(":hover, :focus-within") ? network.diagram : null;
    const found = network.diagrams.filter((one) => one.patch && (one === seen || network.isMoved(one)));
    const outlined = new Map(found.flatMap(({ input, output, place, patch: [{ width, height }] }) => [input, output].map((name) => [network.part(name), [...place, height, width]])));
    for (const part of this.outlined.keys()) if (!outlined.has(part)) part?.outlinePatch(null);
    for (const [part, patch] of outlined) part?.outlinePatch(patch);
    this.outlined = outlined;
  }

  // The unit that is open, while its activation is not the image's: [sprite, frame, words]. Each moves one thing alone, so
  // a bar that was dragged before goes back.
  unit() {
    const { network } = this;
    const { widgets, frames } = network.tabView;
    const strip = network.diagram?.traversal && network.part(network.diagram.traversal);
    const slider = strip && widgets.find(({ slot, name }) => slot === "sliders" && name === strip.element.dataset.slider);
    const frame = slider && frames.get(slider.name);
    if (!strip?.sprite || frame === undefined || frame === slider.start) return (this.frame = null);
    if (this.frame !== frame) network.moved = null;
    this.frame = frame;
    const { position, big, words } = strip.sprite;
    return position === network.position && [strip.sprite, frame, { big: big[frame], small: words[frame] }];
  }

  dragged(diagram, decoded) {
    const { place, output } = diagram;
    const { step, unit, value } = this.network.moved;
    if (!this.network.filmstrip(output)) return [];
    const words = { big: decoded.big[step], small: `${aedemo.unitWords(unit, value)}${place ? ", in the outlined patch alone" : ""}` };
    return this.made(diagram, ...(place ? [this.inPlace(diagram, decoded, step), 0] : [decoded, step]), words);
  }

  // [filmstrip, {sprite, cell, words}] of a reconstruction, and of its error map where the tab has one.
  made({ output, error, target, input }, sprite, cell, words) {
    const { network } = this;
    const found = [[network.part(output), { sprite, cell, words }]];
    const [clean, map] = [target || input, error].map((name) => network.filmstrip(name));
    if (map && clean) found.push([network.part(error), { sprite: aedemo.sprite.difference([sprite, cell], [clean, 0], map.limit), cell: 0 }]);
    return found;
  }

  // The large reconstruction with a frame of the patch at its place, as a sprite.
  inPlace({ output, slider, place: [top, left] }, patch, cell) {
    const large = this.network.filmstrip(output);
    const frame = Math.min(this.network.tabView.frames.get(slider) ?? 0, large.frames - 1);
    const canvas = new OffscreenCanvas(patch.width, patch.height);
    patch.paint(canvas.getContext("2d"), cell);
    const paint = (context) => {
      large.paint(context, frame);
      context.drawImage(canvas, left, top);
    };
    return { ...large, paint };
  }
};
