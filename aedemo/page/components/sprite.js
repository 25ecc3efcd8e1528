// Sprites: all frames in one image, decoded once into a bitmap, drawn onto a canvas one frame at a time.
aedemo.sprite = async (data) => {
  const { src } = data; // the image itself, or an address or text that it is read from
  const blob = src instanceof Blob ? src : await (await fetch(src.startsWith("/") ? aedemo.address(src) : src)).blob();
  return { ...data, bitmap: await createImageBitmap(blob) };
};

aedemo.draw = (canvas, sprite, frame) => {
  const { width, height, columns, bitmap } = sprite;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.classList.toggle("pixelated", sprite.pixelated);
  const context = canvas.getContext("2d");
  const x = (frame % columns) * width;
  const y = Math.floor(frame / columns) * height;
  context.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
};
