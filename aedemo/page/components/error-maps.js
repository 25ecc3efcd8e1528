// Error maps travel as numbers, in grey levels from −127 to 127, and get their colours here.
(() => {
  // The ends of ColorBrewer's RdBu: too dark, nothing wrong, too bright.
  const [BELOW, ZERO, ABOVE] = [[33, 102, 172], [255, 255, 255], [178, 24, 43]];

  // The colour of each level as its byte says it, so −1 is at 255; full colour from ±limit on.
  const colours = (limit) => {
    const table = new Uint8ClampedArray(4 * 256).fill(255);
    for (let level = -128; level < 128; level++) {
      const share = Math.min(1, Math.abs(level) / limit);
      const end = level < 0 ? BELOW : ABOVE;
      ZERO.forEach((zero, channel) => (table[4 * (level & 255) + channel] = zero + share * (end[channel] - zero)));
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
    const table = colours(data.limit);
    const paint = (context, frame) => {
      const map = new ImageData(width, height);
      const pixels = new Uint32Array(map.data.buffer), from = frame * width * height;
      for (let i = 0; i < pixels.length; i++) pixels[i] = table[levels[from + i]];
      context.putImageData(map, 0, 0);
    };
    return { ...data, paint };
  };
})();
