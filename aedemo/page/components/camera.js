// The camera: its picture in the rail, taken with a button. Browsers give it to pages with https and to this machine
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
    if (!navigator.mediaDevices?.getUserMedia) {
      if (matchMedia("(pointer: coarse)").matches) return this.phone.click();
      return this.failed("A browser gives its camera to pages with https only. Take a picture and upload it instead.");
    }
    const { turn } = this;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      if (turn === this.turn) this.failed("The browser gave no camera. Allow it for this page, or take a picture and upload it.");
      return;
    }
    if (turn !== this.turn) return this.stop(stream); // closed, or opened again, while the browser asked for leave
    this.stream = this.video.srcObject = stream;
    this.element.hidden = false;
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
