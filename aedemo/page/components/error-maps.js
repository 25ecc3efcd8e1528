// Error maps travel as numbers, in grey levels from −127 to 127, and get their colours here.
(() => {
  // Too dark and too bright: the ends of ColorBrewer's RdBu, which are lighter on a dark ground.
  const ends = () => ["--ae-too-dark", "--ae-too-bright"].map((name) => aedemo.css(name).match(/\d+/g).map(Number));

  // The colour of each level as its byte says it, so −1 is at 255: none at zero, where the ground is seen, and full from
  // ±limit on.
  const colours = (limit) => {
    const table = new Uint8ClampedArray(4 * 256);
    const [dark, bright] = ends();
    for (let level = -128; level < 128; level++) {
      const opacity = 255 * Math.min(1, Math.abs(level) / limit);
      table.set([...(level < 0 ? dark : bright), opacity], 4 * (level & 255));
    }
    return new Uint32Array(table.buffer);
  };

  // Undoes error_maps.py's `packed`: each value is the guess from its neighbours, plus what was sent, plus the frame
  // before. The array keeps the lowest eight bits, as numpy does there.
  const unpack = (sent, width, height) => {
    const changes = new Int8Array(sent.length), levels = new Uint8Array(sent.length), size = width * height;
    for (let row = 0; row < sent.length; row += width) {
      const top = row % size === 0;
      let left = 0, between = 0;
      for (let i = row; i < row + width; i++) {
        const above = top ? 0 : changes[i - width];
        const low = left < above ? left : above, high = left < above ? above : left;
        const plane = left + above - between;
        changes[i] = sent[i] + (plane < low ? low : plane > high ? high : plane);
        levels[i] = changes[i] + (i < size ? 0 : levels[i - size]);
        left = changes[i];
        between = above;
      }
    }
    return levels;
  };

  aedemo.sprite.errors = async (data) => {
    const { width, height } = data;
    const file = await aedemo.sprite.bytes(data);
    const stream = file.stream().pipeThrough(new DecompressionStream("deflate"));
    const levels = unpack(new Uint8Array(await new Response(stream).arrayBuffer()), width, height);
    return { ...data, paint: painter(levels, data) };
  };

  // paint(context, frame) of levels, a byte for each pixel.
  const painter = (levels, { width, height, limit }) => {
    let table, night;
    return (context, frame) => {
      if (night !== (night = document.body.classList.contains("dark"))) table = colours(limit);
      const map = new ImageData(width, height);
      const pixels = new Uint32Array(map.data.buffer), from = frame * width * height;
      for (let i = 0; i < pixels.length; i++) pixels[i] = table[levels[from + i]];
      context.putImageData(map, 0, 0);
    };
  };

  // The error map of one frame, of images that are here: [sprite, frame] of the reconstruction and of the clean image.
  aedemo.sprite.difference = (reconstruction, clean, limit) => {
    const [{ width, height, pixelated }] = clean;
    const [a, b] = [reconstruction, clean].map(([sprite, frame]) => {
      const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      sprite.paint(context, frame);
      return context.getImageData(0, 0, width, height).data;
    });
    const level = (i) => Math.round((a[i] - b[i] + (a[i + 1] - b[i + 1]) + (a[i + 2] - b[i + 2])) / 3); // averaged over channels
    const levels = Uint8Array.from({ length: width * height }, (_, i) => Math.max(-127, Math.min(127, level(4 * i))) & 255);
    return { width, height, pixelated, limit, frames: 1, paint: painter(levels, { width, height, limit }) };
  };
})();
