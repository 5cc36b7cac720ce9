/**
 * What a pad holds: the drawing, the stroke that is being drawn, and strokes that are shown in the drawing's place.
 */

import { emptyDrawing, perform, visibleStrokes } from "./drawing.js";

/**
 * @typedef {import("./drawing.js").Drawing} Drawing
 * @typedef {import("./drawing.js").Stroke} Stroke
 * @typedef {{tool: "brush" | "eraser", width: number, colour: string}} Pen
 * @typedef {{pointer: number, stroke: Stroke}} Growing `pointer`: its id; -1 where the page draws and no pointer does
 */

const BY_PAGE = -1;
const GHOST_COLOUR = "#26282f"; // opaque, so that strokes that cross are no brighter there

export function createPadModel() {
  /** @type {Drawing} */
  let drawing = emptyDrawing();
  /** @type {Pen} */
  let pen = { tool: "brush", width: 18, colour: "#ffffff" };
  /** @type {Growing | null} */
  let growing = null;
  /** @type {Stroke[]} */
  let example = [];
  /** @type {Stroke[] | null} */
  let previewed = null;

  const shown = () => previewed ?? visibleStrokes(drawing);

  return {
    get drawing() {
      return drawing;
    },
    get growing() {
      return growing;
    },
    get isPreviewing() {
      return previewed !== null;
    },
    /** @returns {Stroke[]} the previewed ones, or else those of the drawing */
    shown,
    /** @returns {Stroke[]} the pale example, which is shown only while nothing is drawn */
    ghost: () => (shown().length || growing ? [] : example),
    /** @param {Pen} next */
    setPen(next) {
      pen = next;
    },
    /** @param {Stroke[]} strokes */
    setExample(strokes) {
      example = strokes.map((stroke) => ({ ...stroke, colour: GHOST_COLOUR }));
    },
    /** @param {number} pointer that begins a stroke with the chosen pen */
    begin(pointer) {
      growing = { pointer, stroke: { ...pen, points: [] } };
    },
    /** @param {Stroke} stroke drawn so far by the page itself */
    grow(stroke) {
      growing = { pointer: BY_PAGE, stroke };
    },
    /** @param {number[]} points x and y in turn; a point that repeats the last one is left out */
    addPoints(points) {
      const all = growing?.stroke.points;
      if (!all) return;
      for (let i = 0; i < points.length; i += 2) {
        if (all.at(-2) !== points[i] || all.at(-1) !== points[i + 1]) all.push(points[i], points[i + 1]);
      }
    },
    /** @returns {Stroke | null} the stroke that has ended and is part of the drawing now */
    finish() {
      if (!growing) return null;
      const { stroke } = growing;
      growing = null;
      drawing = perform(drawing, stroke);
      return stroke;
    },
    cancel() {
      growing = null;
    },
    /** @param {Drawing} next a whole drawing; it ends the stroke and the preview */
    load(next) {
      growing = previewed = null;
      drawing = next;
    },
    /** @param {Stroke[] | null} strokes shown in the drawing's place */
    preview(strokes) {
      previewed = strokes;
    },
  };
}
