/**
 * Probability against ink: a curve for every class, those that ever matter named at its peak, and a mark where the pen is.
 */

import { context2d, element, sizeCanvas } from "../parts/dom.js";

const WORTH_NAMING = 0.2; // of all probability, at its peak
const PAD_PX = { left: 34, right: 10, top: 14, bottom: 18 };

/**
 * @typedef {object} CurvesContent
 * @property {(number[] | null)[]} moments probabilities in class order, from the first ink to the last; null where not known yet
 * @property {number[]} ends of the strokes, as shares of the ink
 * @property {number} share where the pen is
 * @property {number} chosen the class that is brought out
 * @property {import("../parts/palette.js").Palette} palette
 */

/** @param {{labels: string[], label: string, axis: string}} options `label` for a screen reader; `axis`: what runs to the right */
export function createCurves({ labels, label, axis }) {
  const canvas = element("canvas", { class: "curves", role: "img", "aria-label": label });
  const context = context2d(canvas);

  /** @type {(content: CurvesContent, index: number, place: (moment: number, share: number) => [number, number]) => void} */
  function drawCurve({ moments }, index, place) {
    context.beginPath();
    let open = false;
    moments.forEach((shares, moment) => {
      if (!shares) {
        open = false;
        return;
      }
      const [x, y] = place(moment, shares[index]);
      if (open) context.lineTo(x, y);
      else context.moveTo(x, y);
      open = true;
    });
    context.stroke();
  }

  return {
    element: canvas,
    /** @type {(x: number) => number} share of the ink at a place of the canvas, in CSS pixels */
    shareAt: (x) => Math.min(Math.max((x - PAD_PX.left) / (canvas.clientWidth - PAD_PX.left - PAD_PX.right), 0), 1),
    /** @param {CurvesContent} content */
    update(content) {
      const { moments, ends, share, chosen, palette } = content;
      const [width, height, ratio] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio];
      if (!width || !height) return;
      sizeCanvas(canvas, Math.round(width * ratio), Math.round(height * ratio));
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      const [wide, high] = [width - PAD_PX.left - PAD_PX.right, height - PAD_PX.top - PAD_PX.bottom];
      const x = (/** @type {number} */ part) => PAD_PX.left + part * wide;
      const y = (/** @type {number} */ part) => PAD_PX.top + (1 - part) * high;
      const last = Math.max(moments.length - 1, 1);
      /** @type {(moment: number, part: number) => [number, number]} */
      const place = (moment, part) => [x(moment / last), y(part)];

      context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
      context.lineWidth = 1;
      for (const part of [0, 0.5, 1]) {
        context.strokeStyle = palette.line;
        context.strokeRect(x(0), Math.round(y(part)) + 0.5, wide, 0);
        context.fillStyle = palette.soft;
        context.textAlign = "end";
        context.textBaseline = "middle";
        context.fillText(`${part * 100}`, x(0) - 6, y(part));
      }
      context.textAlign = "center";
      context.textBaseline = "alphabetic";
      context.fillText(axis, x(0.5), height - 3);
      for (const end of ends.slice(0, -1)) {
        context.strokeStyle = palette.line;
        context.strokeRect(Math.round(x(end)) + 0.5, y(1), 0, high);
      }
      context.lineJoin = "round";
      const peaks = labels.map((_, i) => Math.max(0, ...moments.map((shares) => shares?.[i] ?? 0)));
      const style = getComputedStyle(canvas);
      for (const i of labels.keys()) {
        if (i === chosen || peaks[i] === 0) continue;
        context.strokeStyle = peaks[i] < WORTH_NAMING ? palette.line : palette.faint;
        context.lineWidth = 2;
        drawCurve(content, i, place);
      }
      if (chosen >= 0) {
        context.strokeStyle = style.getPropertyValue("--more");
        context.lineWidth = 2.5;
        drawCurve(content, chosen, place);
      }
      labels.forEach((name, i) => {
        if (peaks[i] < WORTH_NAMING) return;
        const at = moments.findIndex((shares) => shares?.[i] === peaks[i]);
        const half = context.measureText(name).width / 2 + 2;
        context.fillStyle = i === chosen ? palette.ink : palette.soft;
        context.fillText(name, Math.min(Math.max(x(at / last), x(0) + half), width - half), y(peaks[i]) - 4);
      });
      context.fillStyle = palette.ink;
      context.fillRect(x(share) - 1, y(1) - 4, 2, high + 8);
    },
  };
}
