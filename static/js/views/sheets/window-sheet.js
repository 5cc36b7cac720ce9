/**
 * The window between two maps: its input map, the covered values times the kernel, and its output map.
 */

import { element } from "../parts/dom.js";
import { createWindowMap } from "./window-map.js";

/**
 * @typedef {import("../../lib/explain/sliding.js").Covered} Covered
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 * @typedef {import("./window-map.js").Place} Place
 *
 * @typedef {object} WindowContent
 * @property {Covered} covered
 * @property {number[]} sourceShape
 * @property {number[]} outputShape
 * @property {number} sourceEnd where the source's colour scale ends
 * @property {number} outputEnd
 * @property {Place} place of the value that the window makes
 * @property {import("../parts/palette.js").Palette} palette
 * @property {number} side of each of the two maps, in CSS pixels
 * @property {{source: string, output: string, share: string, total: string, play: string}} words
 * @property {boolean} hasSteps whether another input map can be chosen
 * @property {boolean} canPlay
 *
 * @typedef {object} WindowEvents
 * @property {(place: Place) => void} onPlace
 * @property {(place: Place) => void} onPin
 * @property {() => void} onLeave the pointer or the focus left the map that the window makes
 * @property {(step: number) => void} onStep the next or the previous input map is chosen
 * @property {() => void} onPlay
 */

const TILE_PX = 54; // side of a window's picture between the maps
const TILES = ["input", "kernel", "product"];

/** @param {Texts} t @param {WindowEvents} events */
export function createWindowSheet(t, events) {
  const parts = build(t, events);
  parts.play.addEventListener("click", events.onPlay);
  parts.output.element.addEventListener("pointerleave", events.onLeave);
  parts.output.element.addEventListener("blur", events.onLeave);
  return {
    element: parts.whole,
    /** @param {WindowContent} content */
    update: (content) => paint(parts, content),
  };
}

/** @param {Texts} t @param {WindowEvents} events */
function build(t, events) {
  const figures = buildFigures(t, events);
  const words = buildWords(t);
  const { sourceCaption, steps, source, outputCaption, output } = figures;
  const whole = element(
    "div",
    { class: "window-sheet" },
    element("figure", {}, element("div", { class: "window-head" }, sourceCaption, steps), source.element),
    words.host,
    element("figure", {}, element("div", { class: "window-head" }, outputCaption), output.element),
  );
  return { ...figures, ...words, whole };
}

/** @param {Texts} t @param {WindowEvents} events */
function buildFigures(t, { onPlace, onPin, onStep }) {
  const [previous, next] = [-1, 1].map((step) => {
    const label = t(step < 0 ? "window.previous" : "window.next");
    const button = element(
      "button",
      { type: "button", class: "chip small", "aria-label": label },
      step < 0 ? "‹" : "›",
    );
    button.addEventListener("click", () => onStep(step));
    return button;
  });
  return {
    sourceCaption: element("figcaption"),
    outputCaption: element("figcaption"),
    source: createWindowMap(t("window.source"), null),
    output: createWindowMap(t("window.output"), { onPlace, onPin }),
    steps: element("span", { class: "window-steps" }, previous, next),
  };
}

/** @param {Texts} t */
function buildWords(t) {
  const tiles = TILES.map((name) => createWindowMap(t(`window.${name}`), null));
  const tilesHost = element(
    "div",
    { class: "window-tiles" },
    ...tiles.flatMap((tile, i) => [
      ...(i ? [element("span", { class: "window-sign" }, i === 1 ? "×" : "=")] : []),
      element("figure", {}, element("figcaption", {}, t(`window.${TILES[i]}`)), tile.element),
    ]),
  );
  const share = element("p");
  const total = element("p", { class: "window-total" });
  const play = element("button", { type: "button", class: "control" }, t("window.play"));
  const hint = element("p", { class: "window-hint" }, t("window.hint"));
  const host = element("div", { class: "window-words" }, tilesHost, share, total, play, hint);
  return { tiles, tilesHost, share, total, play, host };
}

/** @type {(parts: ReturnType<typeof build>, content: WindowContent) => void} */
function paint(parts, content) {
  const { covered, sourceShape, outputShape, sourceEnd, outputEnd, place, palette, side, words } = content;
  const { box, source, output } = covered;
  parts.source.update({ values: source, shape: sourceShape, end: sourceEnd, palette, box, side });
  const made = { ...place, rows: 1, columns: 1 };
  parts.output.update({ values: output, shape: outputShape, end: outputEnd, palette, box: made, side });
  parts.sourceCaption.textContent = words.source;
  parts.outputCaption.textContent = words.output;
  parts.steps.hidden = !content.hasSteps;
  parts.play.hidden = !content.canPlay;
  parts.play.textContent = words.play;
  parts.tilesHost.hidden = !covered.slice;
  if (covered.slice) paintTiles(parts.tiles, covered, covered.slice, content);
  parts.share.textContent = words.share;
  parts.total.textContent = words.total;
}

/** @type {(tiles: ReturnType<typeof createWindowMap>[], covered: Covered, slice: Float32Array, content: WindowContent) => void} */
function paintTiles(tiles, { box, seen, products }, slice, { sourceEnd, palette }) {
  const ends = [sourceEnd, Math.max(...slice.map(Math.abs)), Math.max(...products.map(Math.abs))];
  const none = { row: 0, column: 0, rows: 0, columns: 0 };
  const shape = [box.rows, box.columns];
  for (const [i, values] of [seen, slice, products].entries()) {
    tiles[i].update({ values, shape, end: ends[i] || 1, palette, box: none, side: TILE_PX });
  }
}
