/**
 * Which parts of one unit's sum are shown, depending on its kind of layer and on the room.
 */

/**
 * @typedef {import("../api/types.js").UnitExplanation} UnitExplained
 *
 * @typedef {object} ApartForm
 * @property {boolean} pictures of the weights and the products
 * @property {boolean} isMany whether the weights are those of several maps
 * @property {boolean} plain one sentence: the value is no weighted sum
 * @property {boolean} candidates the values that a pooling chooses from
 * @property {boolean} sum the terms as bars and as a column
 * @property {boolean} softmax
 * @property {boolean} range where the value lies among those of the test set
 */

export const MOST_TERMS = 10; // for and against, each
const STACKED_TERMS = 5;
const [ROW_PX, HEAD_PX] = [18, 20];
const NARROW_PX = 860; // below it no range, and no pictures beside a softmax
export const ROOMY_PX = 1200; // below it no range beside several maps or a softmax
const PASSING = ["pooling", "dropout", "flatten"]; // kinds that compute no sum

/**
 * @param {Pick<UnitExplained, "kind" | "weights" | "candidates" | "softmax">} explained
 * @param {{stacked: boolean, width: number}} room in CSS pixels
 * @returns {ApartForm}
 */
export function apartForm({ kind, weights, candidates, softmax }, { stacked, width }) {
  const isMany = weights?.shape.length === 3;
  const needed = isMany || softmax ? ROOMY_PX : weights ? NARROW_PX : 0;
  return {
    pictures: weights !== undefined && (softmax === undefined || stacked || width >= NARROW_PX),
    isMany,
    plain: weights === undefined,
    candidates: candidates !== undefined,
    sum: !PASSING.includes(kind),
    softmax: softmax !== undefined,
    range: stacked || width >= needed,
  };
}

/**
 * @param {{stacked: boolean, height: number}} room for the terms for and those against, one below the other
 * @returns {number} how many of each are listed
 */
export function listedTerms({ stacked, height }) {
  if (stacked) return STACKED_TERMS;
  return Math.min(MOST_TERMS, Math.max(1, Math.floor((height / 2 - HEAD_PX) / ROW_PX)));
}

/**
 * @param {import("../api/types.js").WindowPlace} window
 * @returns {{rows: [number, number], columns: [number, number], isPadded: boolean}} the first and the last row and column that lie
 *   inside the source
 */
export function windowSpans({ row, column, rows, columns, padding: { top, bottom, left, right } }) {
  return {
    rows: [row + top, row + rows - 1 - bottom],
    columns: [column + left, column + columns - 1 - right],
    isPadded: top + bottom + left + right > 0,
  };
}
