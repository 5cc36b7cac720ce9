/**
 * The layers as one picture to take along: every canvas of the stage in its place, with the words above it.
 */

import { context2d } from "../parts/dom.js";

/**
 * @param {HTMLElement} host
 * @param {{background: string, ink: string}} palette
 * @returns {HTMLCanvasElement} at the screen's resolution
 */
export function pictureOf(host, { background, ink }) {
  const ratio = devicePixelRatio;
  const around = host.getBoundingClientRect();
  const picture = document.createElement("canvas");
  picture.width = Math.ceil(around.width * ratio);
  picture.height = Math.ceil(around.height * ratio);
  const context = context2d(picture);
  context.fillStyle = background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.setTransform(ratio, 0, 0, ratio, -around.x * ratio, -around.y * ratio);
  context.imageSmoothingEnabled = false;
  for (const canvas of host.querySelectorAll("canvas")) {
    const box = canvas.getBoundingClientRect();
    if (box.width && canvas.width) context.drawImage(canvas, box.x, box.y, box.width, box.height);
  }
  context.fillStyle = ink;
  context.textBaseline = "middle";
  for (const words of host.querySelectorAll("h2, h3, .facts")) {
    const box = words.getBoundingClientRect();
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(words);
    context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    if (box.width) context.fillText(words.textContent ?? "", box.x, box.y + box.height / 2, box.width);
  }
  return picture;
}
