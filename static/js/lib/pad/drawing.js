/**
 * A drawing as vector strokes, with its history. Coordinates are those of the logical pad, 280 × 280.
 *
 * Every function returns a new drawing and leaves the one it was given as it was.
 */

export const PAD_SIZE = 280;

/**
 * @typedef {object} Stroke
 * @property {"brush" | "eraser"} tool
 * @property {string} colour `#rrggbb`; without meaning for the eraser
 * @property {number} width
 * @property {number[]} points x and y in turn
 *
 * @typedef {Stroke | {tool: "clear"}} Act
 *
 * @typedef {object} Drawing
 * @property {Act[]} acts what was done, oldest first
 * @property {Act[]} undone what can be done again, next last
 */

/** @returns {Drawing} */
export function emptyDrawing() {
  return { acts: [], undone: [] };
}

/**
 * @param {Drawing} drawing
 * @param {Act} act
 * @returns {Drawing}
 */
export function perform(drawing, act) {
  return { acts: [...drawing.acts, act], undone: [] };
}

/**
 * @param {Drawing} drawing
 * @returns {Drawing} without the last act
 */
export function undo({ acts, undone }) {
  const last = acts.at(-1);
  return last ? { acts: acts.slice(0, -1), undone: [...undone, last] } : { acts, undone };
}

/**
 * @param {Drawing} drawing
 * @returns {Drawing} with the act that was undone last
 */
export function redo({ acts, undone }) {
  const next = undone.at(-1);
  return next ? { acts: [...acts, next], undone: undone.slice(0, -1) } : { acts, undone };
}

/**
 * @param {Drawing} drawing
 * @returns {Stroke[]} the strokes since the pad was last cleared
 */
export function visibleStrokes({ acts }) {
  const cleared = acts.findLastIndex((act) => act.tool === "clear");
  return /** @type {Stroke[]} */ (acts.slice(cleared + 1));
}

/**
 * A smooth path through the points: quadratic curves between the middles of neighbouring points, so that the curve passes
 * every middle and has no corner there.
 * @param {number[]} points x and y in turn
 * @returns {number[][]} `[x, y]` to begin at, then `[controlX, controlY, x, y]` for each curve; the last ends at the last point
 */
export function smoothPath(points) {
  const path = [[points[0], points[1]]];
  for (let i = 2; i < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    const last = i + 2 >= points.length;
    const end = last ? [x, y] : [(x + points[i + 2]) / 2, (y + points[i + 3]) / 2];
    path.push([x, y, ...end]);
  }
  if (path.length === 1) path.push([points[0], points[1], points[0], points[1]]); // a dot is a curve without length
  return path;
}

/**
 * @param {unknown} value anything that was stored
 * @returns {Drawing} what is a drawing in it; an empty one where nothing is
 */
export function parseDrawing(value) {
  const acts = /** @type {{acts?: unknown} | null | undefined} */ (value)?.acts;
  if (!Array.isArray(acts)) return emptyDrawing();
  return { acts: acts.every(isAct) ? acts : [], undone: [] };
}

/**
 * @param {any} act
 * @returns {boolean}
 */
function isAct(act) {
  if (act?.tool === "clear") return true;
  return (
    (act?.tool === "brush" || act?.tool === "eraser") &&
    /^#[0-9a-f]{6}$/i.test(act.colour) &&
    Number.isFinite(act.width) &&
    Array.isArray(act.points) &&
    act.points.length >= 2 &&
    act.points.length % 2 === 0 &&
    act.points.every(Number.isFinite)
  );
}
