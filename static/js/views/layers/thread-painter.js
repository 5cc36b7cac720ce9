/**
 * Threads and knots on a canvas that is as large as what it holds.
 */

import { boundsOf } from "../../lib/explain/strands.js";
import { beginningOf } from "../../lib/screen/curve.js";
import { context2d, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/explain/strands.js").Knot} Knot
 * @typedef {import("../../lib/explain/strands.js").Strand} Strand
 * @typedef {{more: string, less: string, background: string, width: number}} Look colours, and how much wider than usual lines are
 */

const MARGIN = 8; // of the canvas around what is drawn on it
const DOT = 2.2;
const SMALL_TYPE = 12; // lines are as wide as they look beside letters of this size

/** @param {HTMLCanvasElement} canvas */
export function createThreadPainter(canvas) {
  const context = context2d(canvas);

  /** @type {(line: Path2D, colour: string, width: number, alpha: number) => void} */
  function stroke(line, colour, width, alpha) {
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(line);
  }

  /** @type {(strand: Strand, reach: number, look: Look) => void} `reach`: the part of it that has grown */
  function paintStrand({ thread: { value, share }, curve, isFaded }, reach, { more, less, background, width }) {
    const [[x, y], ...rest] = beginningOf(curve, reach);
    const line = new Path2D();
    line.moveTo(x, y);
    line.bezierCurveTo(...rest[0], ...rest[1], ...rest[2]);
    if (!isFaded) stroke(line, background, width * (2.6 + 1.8 * share), 0.35); // keeps crossing threads, and threads on cells, apart
    stroke(line, value > 0 ? more : less, width * (0.9 + 1.7 * share), isFaded ? 0.13 : 0.5 + 0.4 * share);
  }

  /** @type {(knot: Knot, look: Look) => void} */
  function paintKnot({ rect, value, isSmall, isFaded }, { more, less, background }) {
    const line = new Path2D();
    const colour = value > 0 ? more : less;
    const alpha = isFaded ? 0.2 : 1;
    if (!isSmall) {
      line.rect(rect.x - 0.25, rect.y - 0.25, rect.width + 0.5, rect.height + 0.5);
      stroke(line, colour, 1.5, alpha);
      return;
    }
    line.arc(rect.x + rect.width / 2, rect.y + rect.height / 2, DOT, 0, 2 * Math.PI);
    stroke(line, background, 1.5, alpha);
    context.fillStyle = colour;
    context.fill(line);
  }

  /** @type {(strands: Strand[], knots: Knot[]) => void} */
  function place(strands, knots) {
    const { x, y, width, height } = boundsOf(strands, knots, MARGIN);
    const ratio = devicePixelRatio;
    sizeCanvas(canvas, Math.round(width * ratio), Math.round(height * ratio), ratio);
    canvas.style.left = `${x}px`;
    canvas.style.top = `${y}px`;
    context.setTransform(ratio, 0, 0, ratio, -x * ratio, -y * ratio);
    context.clearRect(x, y, width, height);
  }

  return {
    /** @type {(strands: Strand[], knots: Knot[], reach: (step: number) => number) => void} `reach`: the part of a step's threads that has grown */
    paint(strands, knots, reach) {
      place(strands, knots);
      const look = readLook(canvas);
      context.lineCap = "round";
      for (const strand of strands) {
        const grown = reach(strand.thread.step);
        if (grown > 0) paintStrand(strand, grown, look);
      }
      for (const knot of knots) if (reach(knot.step) === 1) paintKnot(knot, look);
      context.globalAlpha = 1;
    },
  };
}

/** @type {(canvas: HTMLCanvasElement) => Look} */
function readLook(canvas) {
  const style = getComputedStyle(canvas);
  const [more, less, background] = ["--more", "--less", "--bg"].map((name) => style.getPropertyValue(name));
  return { more, less, background, width: Number.parseFloat(style.getPropertyValue("--type-small")) / SMALL_TYPE };
}
