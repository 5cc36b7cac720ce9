/**
 * The test images' codes as coloured points, the classes' names in their middle, and one point that can be dragged.
 *
 * The points are painted once. What moves are two small elements over them: the point itself, and a ring where it came from.
 */

import { classMedians, ticksOf } from "../../lib/explain/code-map.js";
import { formatValue } from "../../lib/screen/format.js";
import { context2d, element, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {import("../parts/palette.js").Palette} Palette
 * @typedef {[number, number]} Place shares of width and height, from the lower left corner
 *
 * @typedef {object} MappedPoints
 * @property {Float32Array} places two shares a point
 * @property {number[]} labels class indices
 * @property {import("../../lib/explain/code-map.js").Axes | null} axes with values to be written; null where the numbers mean nothing
 *
 * @typedef {object} CodeMapContent
 * @property {MappedPoints | null} points
 * @property {Place | null} at where the point stands; null for none
 * @property {Place | null} from where it came from, if it was moved
 * @property {Palette} palette
 */

const POINT_PX = 2;
const TICKS_APART = 0.12;
const STEP = 0.01; // of the map, an arrow key
const LARGE_STEP = 0.05; // with Shift

/** @type {Record<string, Place>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.handle what the point is, and how it is moved
 * @param {string[]} options.classes
 * @param {string} options.language
 * @param {((place: Place) => void) | null} options.onMove null where nothing can be moved
 * @param {() => void} options.onBack the point is wanted where it came from
 */
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

  /** @param {PointerEvent | MouseEvent} event */
  function moveTo(event) {
    const box = canvas.getBoundingClientRect();
    const share = (/** @type {number} */ value) => Math.min(Math.max(value, 0), 1);
    onMove?.([share((event.clientX - box.x) / box.width), share(1 - (event.clientY - box.y) / box.height)]);
  }

  /** A mouse may press anywhere; a finger drags the point itself, and elsewhere it scrolls the page or taps. */
  function listen() {
    whole.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || (event.pointerType === "touch" && event.target !== point)) return;
      event.preventDefault();
      point.focus({ preventScroll: true });
      point.setPointerCapture(event.pointerId);
      if (event.target !== point) moveTo(event);
    });
    point.addEventListener(
      "pointermove",
      (event) => point.hasPointerCapture(event.pointerId) && event.buttons && moveTo(event),
    );
    canvas.addEventListener("click", moveTo); // a tap
    whole.addEventListener("dblclick", onBack);
    point.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (event.key === "Escape" && shown?.from) onBack();
      else if (arrow && shown?.at) {
        const step = event.shiftKey ? LARGE_STEP : STEP;
        const [x, y] = shown.at;
        onMove?.([x + arrow[0] * step, y + arrow[1] * step]);
      } else return;
      event.preventDefault();
    });
  }
  if (onMove) listen();

  /** @type {(points: MappedPoints, palette: Palette) => void} */
  function paint({ places, labels, axes }, palette) {
    const ratio = devicePixelRatio;
    const [width, height] = [whole.clientWidth, whole.clientHeight];
    sizeCanvas(canvas, Math.round(width * ratio), Math.round(height * ratio), ratio);
    const context = context2d(canvas);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const { fontFamily, fontSize } = getComputedStyle(whole);
    if (axes) paintTicks(context, axes, { width, height, palette, font: `${fontSize} ${fontFamily}` });
    labels.forEach((each, i) => {
      context.fillStyle = palette.classes[each % palette.classes.length];
      context.fillRect(
        places[2 * i] * width - POINT_PX / 2,
        (1 - places[2 * i + 1]) * height - POINT_PX / 2,
        POINT_PX,
        POINT_PX,
      );
    });
    context.font = `700 15px ${fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = palette.panel;
    context.fillStyle = palette.ink;
    classMedians(places, labels, classes.length).forEach((median, i) => {
      if (!median) return;
      const [x, y] = [median[0] * width, (1 - median[1]) * height];
      context.strokeText(classes[i], x, y);
      context.fillText(classes[i], x, y);
    });
  }

  /** @type {(context: CanvasRenderingContext2D, axes: import("../../lib/explain/code-map.js").Axes, options: {width: number, height: number, palette: Palette, font: string}) => void} */
  function paintTicks(context, [right, up], { width, height, palette, font }) {
    context.font = font;
    context.fillStyle = palette.soft;
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    const line = (/** @type {number[]} */ [x0, y0, x1, y1]) => {
      context.beginPath();
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
      context.stroke();
    };
    context.textAlign = "center";
    context.textBaseline = "bottom";
    for (const value of ticksOf(right, TICKS_APART)) {
      const x = Math.round(right.toShare(value) * width) + 0.5;
      line([x, 0, x, height]);
      if (x > 40 && x < width - 16) context.fillText(formatValue(value, language, 2), x, height - 1);
    }
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const value of ticksOf(up, TICKS_APART)) {
      const y = Math.round((1 - up.toShare(value)) * height) + 0.5;
      line([0, y, width, y]);
      if (y > 8 && y < height - 20) context.fillText(formatValue(value, language, 2), 3, y);
    }
  }

  /** @type {(each: HTMLElement, place: Place | null) => void} what is beyond the map stands at its edge */
  function put(each, place) {
    each.hidden = !place;
    if (!place) return;
    const [x, y] = place.map((share) => Math.min(Math.max(share, 0), 1));
    each.style.insetInlineStart = `${(100 * x).toFixed(2)}%`;
    each.style.insetBlockEnd = `${(100 * y).toFixed(2)}%`;
  }

  return {
    element: whole,
    /** @param {CodeMapContent} content */
    update(content) {
      shown = content;
      const { points, palette, at, from } = content;
      const look = `${whole.clientWidth} ${whole.clientHeight} ${devicePixelRatio} ${palette.ink} ${palette.classes}`;
      if (points && whole.clientWidth && (look !== painted || points !== paintedPoints)) {
        painted = look;
        paintedPoints = points;
        paint(points, palette);
      }
      put(point, points && at);
      put(origin, points && from);
    },
  };
}
