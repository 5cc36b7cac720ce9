/**
 * One layer as one canvas: cells or tiles in colour, a mark on the value that is read, pointer and arrow keys.
 */

import { spotAfter, spotAt, spotUnder, valueRect } from "../../lib/screen/grid.js";
import { element } from "../parts/dom.js";
import { createGridPainter } from "./grid-painter.js";
import { outlineSpot } from "./spot-outline.js";

/**
 * @typedef {import("../../lib/screen/grid.js").Grid} Grid
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("./grid-painter.js").Picture} Picture
 */

/**
 * @param {HTMLElement} host
 * @param {object} options
 * @param {string} options.label
 * @param {(spot: Spot) => void} options.onSpot the pointer or the arrow keys came to a value
 * @param {(spot: Spot) => void} options.onPin a click or Enter on a value
 * @param {() => void} options.onOpen a double click, or Enter with Shift
 */
export function createLayerMap(host, { label, onSpot, onPin, onOpen }) {
  const canvas = host.appendChild(element("canvas", { tabindex: "0", role: "application", "aria-label": label }));
  const painter = createGridPainter(canvas);
  const listening = new AbortController();
  const { signal } = listening;
  /** @type {Picture | null} */
  let shown = null;
  /** @type {Spot | null} */
  let marked = null;
  /** @type {Spot | null} */
  let pinned = null;

  /** @param {PointerEvent | MouseEvent} event */
  const spotOf = (event) => {
    const ratio = canvas.width / canvas.clientWidth;
    return shown && spotUnder(shown.grid, event.offsetX * ratio, event.offsetY * ratio);
  };

  /** @param {Spot | null} spot */
  const report = (spot) => spot && spot.index !== marked?.index && onSpot(spot);

  /** @param {MouseEvent} event */
  function onClick(event) {
    const spot = spotOf(event);
    report(spot);
    if (spot) onPin(spot);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!shown) return;
    if (event.key === "Enter") return marked && !event.shiftKey ? onPin(marked) : onOpen();
    const first = event.key.startsWith("Arrow") ? spotAt(shown.grid, 0) : null;
    const next = marked ? spotAfter(shown.grid, marked, event.key) : first;
    if (!next) return;
    event.preventDefault();
    report(next);
  }

  canvas.addEventListener("pointermove", (event) => event.pointerType !== "touch" && report(spotOf(event)), { signal });
  canvas.addEventListener("click", onClick, { signal });
  canvas.addEventListener("dblclick", onOpen, { signal });
  canvas.addEventListener("keydown", onKey, { signal });

  function paint() {
    if (!shown) return;
    const { grid } = shown;
    painter.paint(shown);
    if (marked && marked.index !== pinned?.index) outlineSpot(painter.context, grid, marked, "--ink");
    if (pinned) outlineSpot(painter.context, grid, pinned, "--accent");
  }

  return {
    canvas,
    /** @param {Picture} picture */
    show(picture) {
      shown = picture;
      paint();
    },
    /** @returns {Grid | null} how its values stand now */
    get grid() {
      return shown?.grid ?? null;
    },
    /** @type {(read: Spot | null, pin: Spot | null) => void} the value that is read now, and the one that is to stay */
    mark(read, pin) {
      if (read?.index === marked?.index && pin?.index === pinned?.index) return;
      marked = read;
      pinned = pin;
      paint();
    },
    /** @type {(spot: Spot) => DOMRect | null} where a unit, or a value of a map, stands in the window */
    rectOf(spot) {
      if (!shown || !canvas.clientWidth) return null;
      const { grid } = shown;
      const [box, ratio] = [canvas.getBoundingClientRect(), canvas.width / canvas.clientWidth];
      const { x, y, width, height } = valueRect(grid, spot);
      return new DOMRect(box.x + x / ratio, box.y + y / ratio, width / ratio, height / ratio);
    },
    destroy() {
      listening.abort();
      canvas.remove();
    },
  };
}
