/**
 * The curve that a thread takes between two places: it leaves one along its side and comes to the other along its side.
 */

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Rect
 * @typedef {[number, number]} Point
 * @typedef {[Point, Point, Point, Point]} Curve a cubic Bézier: start, two handles, end
 */

const LEAST_HANDLE = 10;
const FAR = 150; // farther than from one layer of units to the next

/**
 * @param {Rect} from nearer to the answer
 * @param {Rect} to nearer to the pixels
 * @returns {Curve} level at both ends where `to` lies to the left, else upright at both ends
 */
export function curveBetween(from, to) {
  const [middleX, middleY] = [
    (/** @type {Rect} */ each) => each.x + each.width / 2,
    (/** @type {Rect} */ each) => each.y + each.height / 2,
  ];
  if (to.x + to.width <= from.x) {
    const [x0, y0, x1, y1] = [from.x, middleY(from), to.x + to.width, middleY(to)];
    const width = x0 - x1;
    const leans = width > FAR && Math.abs(y1 - y0) > width; // it keeps to its own side as long as it can
    const [first, second] = leans ? [0.4 * width, 0.95 * width] : [width / 2, width / 2];
    return [
      [x0, y0],
      [x0 - Math.max(LEAST_HANDLE, first), y0],
      [x1 + Math.max(LEAST_HANDLE, second), y1],
      [x1, y1],
    ];
  }
  const down = middleY(to) > middleY(from) ? 1 : -1;
  const [x0, y0] = [middleX(from), down > 0 ? from.y + from.height : from.y];
  const [x1, y1] = [middleX(to), down > 0 ? to.y : to.y + to.height];
  const handle = Math.max(LEAST_HANDLE, Math.abs(y1 - y0) / 2);
  return [
    [x0, y0],
    [x0, y0 + down * handle],
    [x1, y1 - down * handle],
    [x1, y1],
  ];
}

/**
 * @param {Curve} curve
 * @param {number} share in 0..1
 * @returns {Curve} its beginning, by de Casteljau's construction
 */
export function beginningOf([a, b, c, d], share) {
  const mix = (/** @type {Point} */ from, /** @type {Point} */ to) =>
    /** @type {Point} */ ([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
  const [ab, bc, cd] = [mix(a, b), mix(b, c), mix(c, d)];
  const [abc, bcd] = [mix(ab, bc), mix(bc, cd)];
  return [a, ab, abc, mix(abc, bcd)];
}
