/**
 * Strokes on a canvas of any size: what is finished stays, what grows is drawn on top of it.
 */

import { PAD_SIZE, smoothPath } from "../../lib/pad/drawing.js";
import { context2d } from "../parts/dom.js";

/** @typedef {import("../../lib/pad/drawing.js").Stroke} Stroke */

const DOT = 0.01; // how long a dot is

/**
 * @param {CanvasRenderingContext2D} context scaled to the logical pad
 * @param {Stroke} stroke
 */
function drawStroke(context, stroke) {
  const [[startX, startY], ...curves] = smoothPath(stroke.points);
  context.globalCompositeOperation = stroke.tool === "eraser" ? "destination-out" : "source-over";
  context.strokeStyle = stroke.colour;
  context.lineWidth = stroke.width;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(startX, startY);
  for (const [controlX, controlY, x, y] of curves) context.quadraticCurveTo(controlX, controlY, x, y);
  if (stroke.points.length === 2) context.lineTo(startX + DOT, startY); // a curve without length leaves no ink
  context.stroke();
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function createInk(canvas, settings) {
  const context = context2d(canvas, settings);
  const finished = document.createElement("canvas");
  const finishedContext = context2d(finished);

  /** @param {CanvasRenderingContext2D} target */
  const toPad = (target) => target.setTransform(canvas.width / PAD_SIZE, 0, 0, canvas.height / PAD_SIZE, 0, 0);

  return {
    context,
    /**
     * Draw everything again, as after undo or a change of size.
     * @param {Stroke[]} strokes
     */
    redraw(strokes) {
      finished.width = canvas.width; // this also clears it
      finished.height = canvas.height;
      toPad(finishedContext);
      for (const stroke of strokes) drawStroke(finishedContext, stroke);
      this.grow(null);
    },
    /** @param {Stroke | null} stroke the one that grows */
    grow(stroke) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.globalCompositeOperation = "copy";
      context.drawImage(finished, 0, 0);
      if (!stroke) return;
      toPad(context);
      drawStroke(context, stroke);
    },
    /** @param {Stroke} stroke finished now */
    keep(stroke) {
      drawStroke(finishedContext, stroke);
      this.grow(null);
    },
  };
}
