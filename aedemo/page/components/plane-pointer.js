// How a plane is explored: the mouse as it moves, the arrow keys, and a finger that rests or moves sideways. A finger that
// moves up or down scrolls the page. In space the same finger turns the code, which is Plotly's work.
aedemo.planePointer = (plane) => {
  const { element } = plane;
  const [REST, SLOP] = [250, 8]; // milliseconds and pixels
  let pressed = null;
  let exploring = false; // by a finger
  let resting;

  const explore = ({ clientX, clientY }) => {
    const { axes } = plane;
    if (!axes || !plane.data) return;
    const { left, top } = element.getBoundingClientRect();
    plane.move(axes.xaxis.p2d(clientX - left - axes.xaxis._offset), axes.yaxis.p2d(clientY - top - axes.yaxis._offset));
  };
  const finish = () => {
    clearTimeout(resting);
    pressed = null;
    exploring = false;
  };
  // What a click chose stays what the tab speaks of.
  const leave = () => {
    if (plane.data?.picked === null || !plane.data) return;
    for (const one of [plane, ...plane.others()]) one.home();
  };

  element.addEventListener("pointerdown", (event) => {
    pressed = [event.clientX, event.clientY];
    if (event.pointerType === "touch") {
      resting = setTimeout(() => {
        exploring = true;
        explore(event);
      }, REST);
      return;
    }
    if (plane.inSpace) return;
    element.setPointerCapture(event.pointerId); // the mouse may leave the plane and still decodes its edge
    explore(event);
  });

  element.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" && !exploring) {
      if (!pressed) return;
      const [across, down] = [Math.abs(event.clientX - pressed[0]), Math.abs(event.clientY - pressed[1])];
      if (Math.max(across, down) < SLOP) return;
      clearTimeout(resting);
      if (across <= down) return;
      exploring = true;
    }
    explore(event);
  });

  // The browser scrolls unless the first move is refused. Plotly would refuse every touch: it hears of one when it turns.
  let unheard = null;
  element.addEventListener("touchstart", (event) => {
    if (!plane.inSpace || !event.isTrusted) return;
    unheard = event;
    event.stopPropagation();
  }, { capture: true, passive: true });
  element.addEventListener("touchmove", (event) => {
    if (exploring && event.cancelable) event.preventDefault();
    if (!plane.inSpace) return;
    if (!exploring) return event.stopPropagation();
    const lists = unheard && { touches: [...unheard.touches], targetTouches: [...unheard.targetTouches], changedTouches: [...unheard.changedTouches] };
    if (lists) unheard.target.dispatchEvent(new TouchEvent("touchstart", { bubbles: true, cancelable: true, ...lists }));
    unheard = null;
  }, { capture: true, passive: false });
  element.addEventListener("contextmenu", (event) => (exploring || event.pointerType === "touch") && event.preventDefault());

  // A press that hardly moved is a click: on a point, it chooses that test input.
  element.addEventListener("pointerup", (event) => {
    const [x, y] = pressed ?? [Infinity, Infinity];
    const touch = event.pointerType === "touch";
    const click = Math.hypot(event.clientX - x, event.clientY - y) < (touch ? SLOP : 5);
    if (click && touch) explore(event);
    finish();
    if (click && !plane.inSpace) plane.pickNearest(touch ? 26 : 14);
  });
  element.addEventListener("pointercancel", finish);
  element.addEventListener("pointerleave", leave);
  element.addEventListener("blur", leave);

  element.addEventListener("keydown", (event) => {
    if (!plane.data) return;
    if (event.key === "Enter") return plane.pickNearest(Infinity);
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    if (plane.inSpace) return plane.space.step(step);
    const cells = (plane.sprite?.columns ?? 31) - 1;
    const { x_range, y_range } = plane.data;
    const size = ([low, high]) => (high - low) / cells; // one cell a press
    plane.move(plane.z[0] + step[0] * size(x_range), plane.z[1] + step[1] * size(y_range));
  });
};
