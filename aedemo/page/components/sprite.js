// Sprites: what a filmstrip's frames are made of, decoded once, drawn onto a canvas one frame at a time.
// `data.src` is an address or a data-URI; in a payload of several images, each has its own.
aedemo.sprite = async (data) => {
  if (data.sheets) return aedemo.sprite.sheets(data);
  if (data.weights) return aedemo.sprite.mixture(data);
  return data.limit ? aedemo.sprite.errors(data) : aedemo.sprite.image(data);
};

// The bytes of an image: a blob that came with the payload, or what an address or a data-URI holds.
aedemo.sprite.bytes = async ({ src }) => (src instanceof Blob ? src : (await fetch(src.startsWith("/") ? aedemo.address(src) : src)).blob());

// All frames in one image.
aedemo.sprite.image = async (data) => {
  const bitmap = await createImageBitmap(await aedemo.sprite.bytes(data));
  const { width, height, columns } = data;
  const paint = (context, frame) => {
    const x = (frame % columns) * width;
    const y = Math.floor(frame / columns) * height;
    context.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
  };
  return { ...data, bitmap, paint };
};

// Frames in several images, each as finely compressed as its frames need; cells: which image, and where in it.
// Blocks of 8×8 that are the same in the clean image are copied from there.
aedemo.sprite.sheets = async (data) => {
  const [clean, ...sheets] = await Promise.all([data.clean, ...data.sheets].map((one) => one && aedemo.sprite.image(one)));
  const across = data.width / 8;
  const paint = (context, frame) => {
    const [sheet, cell] = data.cells[frame];
    sheets[sheet].paint(context, cell);
    if (clean) [...data.same[frame]].forEach((same, block) => {
      const [x, y] = [8 * (block % across), 8 * Math.floor(block / across)];
      if (same === "1") context.drawImage(clean.bitmap, x, y, 8, 8, x, y, 8, 8);
    });
  };
  return { ...data, paint };
};

// Frames on the line between two images: first + weight · (difference − 128), clamped and rounded by the array.
aedemo.sprite.mixture = async (data) => {
  const { width, height, weights } = data;
  const [first, difference] = await Promise.all([data.first, data.difference].map(async (one) => {
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    (await aedemo.sprite.image(one)).paint(context, 0);
    return context.getImageData(0, 0, width, height).data;
  }));
  const paint = (context, frame) => {
    const mixed = new ImageData(width, height);
    for (let i = 0; i < first.length; i++) mixed.data[i] = first[i] + weights[frame] * (difference[i] - 128);
    for (let i = 3; i < first.length; i += 4) mixed.data[i] = 255;
    context.putImageData(mixed, 0, 0);
  };
  return { ...data, paint };
};

aedemo.draw = (canvas, sprite, frame) => {
  const { width, height } = sprite;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.classList.toggle("pixelated", sprite.pixelated);
  sprite.paint(canvas.getContext("2d"), frame);
};
