/**
 * The test images' codes as coloured points, the classes' names in their middle, and one point that can be dragged.
 *
 * The points are painted once. What moves are two small elements over them: the point itself, and a ring where it came from.
 */

import { element } from "../parts/dom.js";
import { paintCodeMap } from "./code-map-painter.js";

/**
 * @typedef {import("../parts/palette.js").Palette} Palette
 * @typedef {import("./code-map-painter.js").MappedPoints} MappedPoints
 * @typedef {[number, number]} Place shares of width and height, from the lower left corner
 *
 * @typedef {object} CodeMapContent
 * @property {MappedPoints | null} points
 * @property {Place | null} at where the point stands; null for none
 * @property {Place | null} from where it came from, if it was moved
 * @property {Palette} palette
 *
 * @typedef {object} CodeMapOptions
 * @property {string} label
 * @property {string} handle what the point is, and how it is moved
 * @property {string[]} classes
 * @property {string} language
 * @property {((place: Place) => void) | null} onMove null where nothing can be moved
 * @property {() => void} onBack the point goes back to where it came from
 */

const STEP = 0.01; // of the map, an arrow key
const LARGE_STEP = 0.05; // with Shift

/** @type {Record<string, Place>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @param {CodeMapOptions} options */
export function createCodeMap({ label, handle, classes, language, onMove, onBack }) {
  const canvas = element("canvas", { role: "img", "aria-label": label });
  const point = element("button", { type: "button", class: "code-point", "aria-label": handle, title: handle });
  const origin = element("span", { class: "code-origin", "aria-hidden": "true" });
  const whole = element("div", { class: "code-map" }, canvas, origin, point);
  /** @type {CodeMapContent | null} */
  let shown = null;
  let painted = "";
  /** @type {MappedPoints | null} */
  let paintedPoints = null;
  if (onMove) listen({ whole, canvas, point }, { shown: () => shown, onMove, onBack });

  /** @type {(points: MappedPoints, palette: Palette) => void} */
  function paint(points, palette) {
    const look = `${whole.clientWidth} ${whole.clientHeight} ${devicePixelRatio} ${palette.ink} ${palette.classes}`;
    if (!whole.clientWidth || (look === painted && points === paintedPoints)) return;
    [painted, paintedPoints] = [look, points];
    paintCodeMap(canvas, points, { classes, language, palette });
  }

  return {
    element: whole,
    /** @param {CodeMapContent} content */
    update(content) {
      shown = content;
      const { points, palette, at, from } = content;
      if (points) paint(points, palette);
      put(point, points && at);
      put(origin, points && from);
    },
  };
}

/**
 * A mouse may press anywhere; a finger drags the point itself, and elsewhere it scrolls the page or taps.
 * @param {{whole: HTMLElement, canvas: HTMLCanvasElement, point: HTMLElement}} parts
 * @param {{shown: () => CodeMapContent | null, onMove: (place: Place) => void, onBack: () => void}} options
 */
function listen({ whole, canvas, point }, { shown, onMove, onBack }) {
  /** @param {PointerEvent | MouseEvent} event */
  function moveTo(event) {
    const box = canvas.getBoundingClientRect();
    const share = (/** @type {number} */ value) => Math.min(Math.max(value, 0), 1);
    onMove([share((event.clientX - box.x) / box.width), share(1 - (event.clientY - box.y) / box.height)]);
  }

  /** @param {PointerEvent} event */
  function begin(event) {
    if (event.button !== 0 || (event.pointerType === "touch" && event.target !== point)) return;
    event.preventDefault();
    point.focus({ preventScroll: true });
    point.setPointerCapture(event.pointerId);
    if (event.target !== point) moveTo(event);
  }

  /** @param {PointerEvent} event */
  function drag(event) {
    if (point.hasPointerCapture(event.pointerId) && event.buttons) moveTo(event);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const arrow = ARROWS[event.key];
    const content = shown();
    if (event.key === "Escape" && content?.from) onBack();
    else if (arrow && content?.at) {
      const step = event.shiftKey ? LARGE_STEP : STEP;
      const [x, y] = content.at;
      onMove([x + arrow[0] * step, y + arrow[1] * step]);
    } else return;
    event.preventDefault();
  }

  whole.addEventListener("pointerdown", begin);
  point.addEventListener("pointermove", drag);
  canvas.addEventListener("click", moveTo); // a tap
  whole.addEventListener("dblclick", onBack);
  point.addEventListener("keydown", onKey);
}

/** @type {(each: HTMLElement, place: Place | null) => void} a place beyond the map is shown at its edge */
function put(each, place) {
  each.hidden = !place;
  if (!place) return;
  const [x, y] = place.map((share) => Math.min(Math.max(share, 0), 1));
  each.style.insetInlineStart = `${(100 * x).toFixed(2)}%`;
  each.style.insetBlockEnd = `${(100 * y).toFixed(2)}%`;
}
