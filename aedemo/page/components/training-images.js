// Data space of images: eight of them over their reconstructions, and what the decoder makes of a grid of codes.
(() => {
  // All images (n, C, H, W), bytes, beside each other on a canvas of their own, from which each is then copied.
  const sheet = ({ shape, values }) => {
    const [channels, height, width] = shape.slice(-3);
    const count = values.length / (channels * height * width);
    const context = new OffscreenCanvas(count * width, height).getContext("2d");
    const image = new ImageData(count * width, height);
    for (let i = 0; i < count; i++) {
      for (let pixel = 0; pixel < height * width; pixel++) {
        const [row, column] = [Math.floor(pixel / width), pixel % width];
        const at = 4 * (row * count * width + i * width + column);
        for (let c = 0; c < 3; c++) image.data[at + c] = values[(i * channels + (c % channels)) * height * width + pixel];
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    return { canvas: context.canvas, width, height, count };
  };

  aedemo.paintImages = (canvas, setup, { reconstructions, surface }) => {
    const { context, width, height } = aedemo.fresh(canvas);
    const { size, family, quiet } = aedemo.colours();
    const gap = 4;
    const lineHeight = size + 8;
    context.imageSmoothingEnabled = false;
    Object.assign(context, { font: `${size}px ${family}`, fillStyle: quiet, textBaseline: "middle", textAlign: "left" });
    const put = ({ canvas: from, width: w, height: h }, i, x, y, side) => context.drawImage(from, i * w, 0, w, h, x, y, side, side);
    const above = setup.shown_sheet ??= sheet(setup.shown);
    const rest = surface ? 0.38 * height : height;
    const side = Math.min((width - 7 * gap) / above.count, (rest - 2 * lineHeight - gap) / 2);
    const row = (title, images, y) => {
      context.fillText(title, 0, y + lineHeight / 2);
      for (let i = 0; i < images.count; i++) put(images, i, i * (side + gap), y + lineHeight, side);
    };
    row("Images", above, 0);
    row("Reconstructions", sheet(reconstructions), side + lineHeight);
    if (!surface) return;
    const top = 2 * (side + lineHeight) + gap;
    const grid = surface.shape.length === 5 ? surface.shape[0] : 1;
    const columns = surface.shape[grid > 1 ? 1 : 0];
    const cell = Math.min((width - (columns - 1) * 2) / columns, (height - top - lineHeight) / grid - 2);
    const decoded = sheet(surface);
    context.fillText(grid > 1 ? "Decoded codes: z₁ to the right, z₂ upward" : "Decoded codes: z₁ to the right", 0, top + lineHeight / 2);
    for (let i = 0; i < decoded.count; i++) {
      const [up, across] = [Math.floor(i / columns), i % columns];
      put(decoded, i, across * (cell + 2), top + lineHeight + (grid - 1 - up) * (cell + 2), cell);
    }
  };
})();
