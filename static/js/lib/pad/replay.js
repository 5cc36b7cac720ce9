/**
 * A drawing along its ink: how far the pen has come, and what was drawn by then.
 */

/** @typedef {import("./drawing.js").Stroke} Stroke */

const DOT = 1; // pixels of the pad: even a dot is some ink

/**
 * @param {Stroke} stroke
 * @returns {number} length in pixels of the pad
 */
function lengthOf({ points }) {
  let length = DOT;
  for (let i = 2; i < points.length; i += 2)
    length += Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
  return length;
}

/**
 * @param {Stroke[]} strokes
 * @returns {number[]} for each stroke the share of all ink that is drawn when it ends; the last is 1
 */
export function strokeEnds(strokes) {
  const lengths = strokes.map(lengthOf);
  const total = lengths.reduce((a, b) => a + b, 0);
  let sum = 0;
  return lengths.map((length, i) => {
    sum += length;
    return i === lengths.length - 1 ? 1 : sum / total; // exactly 1, whatever rounding made of the sum
  });
}

/**
 * @param {Stroke[]} strokes
 * @param {number} share of all ink, in 0..1
 * @returns {Stroke[]} what is drawn by then, the last stroke cut where the pen is
 */
export function drawnUntil(strokes, share) {
  if (share >= 1) return strokes;
  const lengths = strokes.map(lengthOf);
  let left = share * lengths.reduce((a, b) => a + b, 0);
  const drawn = [];
  for (const [i, stroke] of strokes.entries()) {
    if (left <= 0) break;
    drawn.push(left >= lengths[i] ? stroke : { ...stroke, points: cut(stroke.points, left - DOT) });
    left -= lengths[i];
  }
  return drawn;
}

/** @type {(points: number[], length: number) => number[]} */
function cut(points, length) {
  const kept = points.slice(0, 2);
  let left = length;
  for (let i = 2; i < points.length && left > 0; i += 2) {
    const [fromX, fromY, toX, toY] = points.slice(i - 2, i + 2);
    const step = Math.hypot(toX - fromX, toY - fromY);
    const part = step > left ? left / step : 1;
    kept.push(fromX + part * (toX - fromX), fromY + part * (toY - fromY));
    left -= step;
  }
  return kept;
}

/**
 * @param {number[][]} moments probabilities in class order, one list a moment
 * @returns {{moment: number, from: number, to: number}[]} where the answer changed: the first moment of each new one
 */
export function changes(moments) {
  const answers = moments.map((shares) => shares.indexOf(Math.max(...shares)));
  return answers.flatMap((to, moment) =>
    moment > 0 && answers[moment - 1] !== to ? [{ moment, from: answers[moment - 1], to }] : [],
  );
}
