// A file on its way to the server: made smaller first where nothing is lost by it, and sent once, with its progress.
(() => {
  const LONG_SIDE = 1024; // pixels, but where the server would keep more of the shorter side, as of a panorama
  const { max_short_side: SHORT_SIDE } = aedemoSettings.constants;
  const SMALL = 150e3; // bytes; nobody waits for less, and small images come as they are
  const QUALITY = 0.9;

  const toBlob = (canvas, type) => new Promise((done) => canvas.toBlob(done, type, QUALITY));
  const context = (width, height) => Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true });

  // Some browsers, in private windows above all, change the pixels that a page reads back, so that nobody can tell by them
  // which browser it is. A pattern that is known comes back otherwise then.
  let scrambling;
  aedemo.scrambles = () => (scrambling ??= (async () => {
    const side = 32;
    const drawn = context(side, side);
    for (let i = 0; i < side * side; i += 1) {
      drawn.fillStyle = `rgb(${(37 * i) % 256} ${(101 * i) % 256} ${(59 * i) % 256})`;
      drawn.fillRect(i % side, Math.floor(i / side), 1, 1);
    }
    const changed = (pixels) => pixels.some((value, k) => value !== (k % 4 === 3 ? 255 : ([37, 101, 59][k % 4] * Math.floor(k / 4)) % 256));
    try {
      const read = drawn.getImageData(0, 0, side, side).data;
      drawn.drawImage(await createImageBitmap(await toBlob(drawn.canvas, "image/png")), 0, 0);
      return changed(read) || changed(drawn.getImageData(0, 0, side, side).data);
    } catch {
      return true;
    }
  })());

  // Whether a canvas can hold what is in the file: not more than 8 bits a channel.
  const fitsCanvas = async (file) => {
    const head = new Uint8Array(await file.slice(0, 26).arrayBuffer());
    const starts = (text, at = 0) => [...text].every((sign, i) => head[at + i] === sign.charCodeAt(0));
    if (starts("\x89PNG")) return head[24] <= 8 && "png"; // IHDR: 8 bytes of signature, length, name, size, depth
    if (starts("\xff\xd8\xff")) return "jpeg";
    return starts("RIFF") && starts("WEBP", 8) && "webp";
  };

  const draw = async (file) => {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const [short, long] = [bitmap.width, bitmap.height].sort((a, b) => a - b);
    const scale = Math.min(1, Math.max(LONG_SIDE / long, SHORT_SIDE / short));
    const small = context(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    Object.assign(small, { fillStyle: "#fff", imageSmoothingQuality: "high" });
    small.fillRect(0, 0, small.canvas.width, small.canvas.height); // what is transparent lies on white, as the server has it
    small.drawImage(bitmap, 0, 0, small.canvas.width, small.canvas.height);
    bitmap.close();
    return small.canvas;
  };

  // File -> what is sent of it, and a sentence where it was not made smaller although it could have been.
  aedemo.reduce = async (file) => {
    const kind = file.size > SMALL && (await fitsCanvas(file));
    if (!kind) return { body: file };
    if (await aedemo.scrambles()) return { body: file, note: "This browser changes the pixels that a page reads back, so your file was sent as it is." };
    try {
      const canvas = await draw(file);
      let small = await toBlob(canvas, "image/webp"); // where a browser writes none, it writes a PNG
      if (small.type !== "image/webp") small = await toBlob(canvas, "image/jpeg");
      if (kind === "png") {
        const exact = await toBlob(canvas, "image/png"); // of flat images hardly larger
        if (exact.size < Math.max(SMALL, 1.5 * small.size)) small = exact;
      }
      return { body: small.size < file.size ? small : file };
    } catch {
      return { body: file }; // the server says what is wrong with it
    }
  };

  const understood = (status, header, text) => {
    const sentence = aedemo.failure(status, header("content-type") ?? "", header("retry-after") ?? "");
    if (sentence) throw new Error(sentence);
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(aedemo.failure(0)); // cut off on the way
    }
  };

  // Both end with the response, or with an Error that is a sentence for a person. What is small is asked again until
  // the server answers (connection.js); a file is sent once: sent(how much of it, from 0 to 1), null when cancelled.
  aedemo.ask = async (path, body) => {
    const response = await aedemo.reach(aedemo.address(path), { method: "POST", body });
    return understood(response.status, (name) => response.headers.get(name), await response.text());
  };

  aedemo.send = (path, body, sent, signal) => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", aedemo.address(path));
    request.upload.onprogress = ({ loaded, total }) => sent(loaded / total);
    request.onabort = () => done(null);
    request.onload = request.onerror = () => {
      try {
        done(understood(request.status, (name) => request.getResponseHeader(name), request.responseText));
      } catch (error) {
        failed(error);
      }
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
})();
