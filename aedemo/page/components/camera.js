// The camera: its image in the sidebar, taken with a button. Browsers give it to pages with https and to this machine
// alone; elsewhere a phone's own camera application is asked through a file input.
aedemo.Camera = class {
  constructor(element, taken, failed) {
    Object.assign(this, { element, taken, failed, turn: 0 });
    this.video = element.querySelector("video");
    this.phone = element.querySelector("input[type=file]");
    element.querySelector("[data-do=take]").onclick = () => this.take();
    element.querySelector("[data-do=close]").onclick = () => this.close();
    this.phone.addEventListener("change", () => {
      if (this.phone.files[0]) taken(this.phone.files[0]);
      this.phone.value = "";
    });
  }

  async open() {
    const { turn } = this;
    if (!navigator.mediaDevices?.getUserMedia) return this.instead("A browser gives its camera to pages with https only.");
    if (await aedemo.scrambles()) return this.instead("This browser changes the pixels that a page reads back from the camera.");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) {
      if (turn === this.turn) this.failed(`${this.reason(error.name)} Or take an image with another program and upload it.`);
      return;
    }
    if (turn !== this.turn) return this.stop(stream); // closed, or opened again, while the browser asked for leave
    this.stream = this.video.srcObject = stream;
    this.element.hidden = false;
  }

  // A phone's own camera, or what to do.
  instead(reason) {
    if (matchMedia("(pointer: coarse)").matches) return this.phone.click();
    this.failed(`${reason} Take an image with another program and upload it.`);
  }

  reason(name) {
    const allowed = (document.permissionsPolicy ?? document.featurePolicy)?.allowsFeature("camera") ?? true;
    const framed = window.top !== window;
    if (framed && (!allowed || name === "SecurityError")) return "The page around this one does not allow the camera. Open this page in a tab of its own.";
    if (!allowed) return "The server of this page does not allow the camera.";
    if (name === "NotAllowedError") return framed
      ? "The browser or the page around this one does not allow the camera. Allow it, or open this page in a tab of its own."
      : "The browser does not allow the camera. Allow it for this page, by the sign beside its address.";
    if (["NotFoundError", "OverconstrainedError"].includes(name)) return "No camera was found. Connect one.";
    if (["NotReadableError", "AbortError"].includes(name)) return "The camera is busy. Close the other programs that use it.";
    return "The browser gave no camera.";
  }

  async take() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    this.close();
    this.taken(await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95)));
  }

  stop(stream) {
    for (const track of stream?.getTracks() ?? []) track.stop();
  }

  close() {
    this.turn += 1;
    this.stop(this.stream);
    this.stream = this.video.srcObject = null;
    this.element.hidden = true;
  }
};
