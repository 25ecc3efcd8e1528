// Sprites: all frames in one picture, decoded once, drawn onto a canvas one frame at a time.
aedemo.sprite = async (data) => {
  const image = new Image();
  image.src = data.src.startsWith("/") ? aedemo.address(data.src) : data.src;
  await image.decode();
  const sprite = { ...data, bitmap: image };
  // A browser may drop a decoded <img> and decode it again in the middle of a drag; a bitmap stays. Making it costs as
  // much as decoding, so it comes after the new picture is seen.
  setTimeout(async () => (sprite.bitmap = await createImageBitmap(image)), 400);
  return sprite;
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
