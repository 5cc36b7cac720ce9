/**
 * Strokes drawn onto the pad as if by a hand.
 */

import { strokesUntil } from "../../../lib/pad/examples.js";

/**
 * @typedef {import("../../../lib/pad/drawing.js").Stroke} Stroke
 * @typedef {ReturnType<typeof import("../../../views/pad/pad.js").createPad>} Pad
 */

const DURATION_MS = 550;
const FIRST_SHARE = 0.05; // drawn at once, so that the pad is never seen blank in between

/** @param {Pad} pad */
export function createPlayer(pad) {
  /** @type {ReturnType<typeof playStrokes> | null} */
  let playing = null;
  return {
    /** @param {Stroke[]} strokes */
    play(strokes) {
      playing = playStrokes(pad, strokes);
    },
    /** Draw what is left at once. */
    finish: () => playing?.finish(),
  };
}

/**
 * @param {Pad} pad
 * @param {Stroke[]} strokes
 * @returns {{finish: () => void}} `finish` draws what is left at once
 */
function playStrokes(pad, strokes) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const started = performance.now();
  let kept = 0; // strokes that are finished
  let handle = 0;

  /** @param {number} share */
  function drawUntil(share) {
    const drawn = strokesUntil(strokes, share);
    const whole = share >= 1 ? strokes.length : drawn.length - 1;
    for (; kept < whole; kept++) pad.grow(strokes[kept], true);
    if (kept < drawn.length) pad.grow(drawn[kept]);
  }

  /** @param {number} now */
  function step(now) {
    const share = Math.max(0, now - started) / DURATION_MS;
    drawUntil(Math.min(Math.max(share, FIRST_SHARE), 1));
    handle = share < 1 ? requestAnimationFrame(step) : 0;
  }

  if (still) drawUntil(1);
  else step(started);
  return {
    finish() {
      if (!handle) return;
      cancelAnimationFrame(handle);
      handle = 0;
      drawUntil(1);
    },
  };
}
