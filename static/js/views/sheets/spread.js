/**
 * How the values of one layer are spread now, with a mark at the one that is read.
 */

import { histogram } from "../../lib/network/statistics.js";
import { context2d, element, sizeCanvas } from "../parts/dom.js";

const BINS = 65;

/** @param {string} words what is counted */
export function createSpread(words) {
  const canvas = element("canvas", { "aria-hidden": "true" });
  const context = context2d(canvas);
  const caption = element("span", {}, words);
  const whole = element("div", { class: "spread" }, caption, canvas);

  return {
    element: whole,
    /** @type {(palette: import("../parts/palette.js").Palette, values: Float32Array, end: number, value: number | null, words: string) => void} */
    update(palette, values, end, value, words) {
      caption.textContent = words;
      const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) =>
        Math.round(side * devicePixelRatio),
      );
      if (!width || !height) return;
      sizeCanvas(canvas, width, height);
      context.clearRect(0, 0, width, height);
      const counts = histogram(values, end, BINS);
      const most = Math.sqrt(Math.max(1, ...counts)); // roots, or the silent ones hide the rest
      const style = getComputedStyle(canvas);
      context.globalAlpha = 0.65;
      const step = width / BINS;
      counts.forEach((count, i) => {
        const tall = (Math.sqrt(count) / most) * height;
        const middle = (BINS - 1) / 2;
        context.fillStyle = i === middle ? palette.faint : style.getPropertyValue(i < middle ? "--less" : "--more");
        context.fillRect(Math.round(i * step), height - tall, Math.max(1, Math.round(step) - 1), tall);
      });
      context.globalAlpha = 1;
      if (value === null) return;
      const at = ((Math.min(Math.max(value / end, -1), 1) + 1) / 2) * width;
      context.fillStyle = palette.ink;
      context.fillRect(Math.min(at, width - 2), 0, 2 * devicePixelRatio, height);
    },
  };
}
