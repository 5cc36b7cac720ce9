/**
 * One layer as one canvas: cells or tiles in colour, a mark on the value that is read, pointer and arrow keys.
 */

import { spotAfter, spotAt, spotUnder, tileOf } from "../../lib/screen/grid.js";
import { element } from "../parts/dom.js";
import { createGridPainter } from "./grid-painter.js";

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
  const { context } = painter;
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

  canvas.addEventListener("pointermove", (event) => event.pointerType !== "touch" && report(spotOf(event)), { signal });
  canvas.addEventListener(
    "click",
    (event) => {
      const spot = spotOf(event);
      report(spot);
      if (spot) onPin(spot);
    },
    { signal },
  );
  canvas.addEventListener("dblclick", onOpen, { signal });
  canvas.addEventListener(
    "keydown",
    (event) => {
      if (!shown) return;
      if (event.key === "Enter") return marked && !event.shiftKey ? onPin(marked) : onOpen();
      const from = marked ?? spotAt(shown.grid, 0);
      const next = marked ? spotAfter(shown.grid, from, event.key) : event.key.startsWith("Arrow") ? from : null;
      if (!next) return;
      event.preventDefault();
      report(next);
    },
    { signal },
  );

  function paint() {
    if (!shown) return;
    const { grid } = shown;
    painter.paint(shown);
    if (marked && marked.index !== pinned?.index) paintMark(grid, marked, "--ink");
    if (pinned) paintMark(grid, pinned, "--accent");
  }

  /** @type {(grid: Grid, spot: Spot, colour: "--ink" | "--accent") => void} */
  function paintMark(grid, spot, colour) {
    const tile = tileOf(grid, spot);
    const line = Math.max(1, Math.round(devicePixelRatio));
    const style = getComputedStyle(canvas);
    const outline = (
      /** @type {number} */ x,
      /** @type {number} */ y,
      /** @type {number} */ width,
      /** @type {number} */ height,
    ) => {
      context.strokeStyle = style.getPropertyValue("--bg");
      context.lineWidth = 3 * line;
      context.strokeRect(x, y, width, height);
      context.strokeStyle = style.getPropertyValue(colour);
      context.lineWidth = 1.5 * line;
      context.strokeRect(x, y, width, height);
    };
    const inset = line;
    const [x, y] = [Math.max(tile.x, inset), Math.max(tile.y, inset)];
    outline(x, y, Math.min(tile.width, canvas.width - x - inset), Math.min(tile.height, canvas.height - y - inset));
    const [stepX, stepY] = [tile.width / grid.mapColumns, tile.height / grid.mapRows];
    if (grid.mapRows * grid.mapColumns === 1 || stepX < 4 * line) return;
    outline(tile.x + spot.column * stepX, tile.y + spot.row * stepY, stepX, stepY);
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
      const tile = tileOf(grid, spot);
      const [width, height] = [tile.width / grid.mapColumns, tile.height / grid.mapRows];
      const [x, y] = [tile.x + spot.column * width, tile.y + spot.row * height];
      return new DOMRect(box.x + x / ratio, box.y + y / ratio, width / ratio, height / ratio);
    },
    destroy() {
      listening.abort();
      canvas.remove();
    },
  };
}
