/**
 * The window of a convolution or a pooling as it slides: the map that it looks at and the map that it makes, beside each other.
 */

import { addressParameters, mapWords } from "../../../lib/explain/addresses.js";
import { coveredAt } from "../../../lib/explain/sliding.js";
import { sumsByMap } from "../../../lib/explain/sum.js";
import { layerTitle } from "../../../lib/network/names.js";
import { sourceLayer } from "../../../lib/network/window.js";
import { formatValue } from "../../../lib/screen/format.js";
import { STACKED } from "../../../lib/screen/stage.js";
import { createSpotMark } from "../../../views/sheets/spot-mark.js";
import { createWindowSheet } from "../../../views/sheets/window-sheet.js";
import { createExplanation } from "../asking/explanation.js";
import { createWindowPosition } from "./window-position.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../../lib/api/types.js").UnitExplanation} UnitExplained
 * @typedef {import("../../../lib/explain/sliding.js").Covered} Covered
 * @typedef {import("../../../lib/explain/sliding.js").Position} Position
 */

const AROUND_MAP_PX = 34; // a caption above, a little room below
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {import("../types.js").SheetKind} */
export const sliding = {
  name: "sliding",
  about: "unit",
  whole: true,
  fits: (_, pinned) => pinned !== null && !pinned.kernel && ["convolution", "pooling"].includes(pinned.layer.kind),
  create,
};

/** @param {Tools} tools */
function create(tools) {
  const { card, t, places, redraw, pin } = tools;
  /** @type {ReturnType<typeof createExplanation<UnitExplained>>} */
  const explanation = createExplanation("unit", { t, redraw });
  const position = createWindowPosition(redraw);
  const mark = createSpotMark(places.host);
  /** @type {{layer: LayerCard, from: LayerCard, spot: import("../../../lib/screen/grid.js").Spot} | null} */
  let shown = null;

  const sheet = createWindowSheet(t, {
    onPlace: position.moveTo,
    onLeave: position.back,
    onPlay: position.toggle,
    onStep: (step) => shown && position.stepChannel(step, shown.from.shape[2]),
    onPin({ row, column }) {
      if (!shown || (row === shown.spot.row && column === shown.spot.column)) return;
      const { layer, spot } = shown;
      position.forgetMove();
      const index = (row * layer.shape[1] + column) * layer.shape[2] + spot.channel;
      pin(layer, { row, column, channel: spot.channel, index });
    },
  });
  const resizing = new ResizeObserver(redraw);
  resizing.observe(sheet.element);

  /** @type {(lab: Lab, at: Position, answer: UnitExplained | null, fresh: boolean) => void} */
  function paint({ readings, palette, endOf }, at, answer, fresh) {
    const covered = coveredAt(readings, at, answer);
    if (!covered) return;
    mark.show(boxOnPage(tools, at, covered.box));
    sheet.update({
      covered,
      sourceShape: at.from.shape,
      outputShape: at.layer.shape,
      sourceEnd: endOf(at.from, false, at.channel),
      outputEnd: endOf(at.layer, covered.isBefore, at.map),
      place: at.place,
      palette,
      side: sideOf(sheet.element),
      words: {
        ...captions(tools, at),
        ...numbers(tools, at, covered, position.moved === null && fresh ? answer : null),
        play: t(position.isPlaying ? "window.pause" : "window.play"),
      },
      hasSteps: at.layer.kind !== "pooling", // a pooling looks at the map of its own number
      canPlay: !still.matches,
    });
  }

  return {
    element: sheet.element,
    update(/** @type {Lab} */ lab) {
      const { pinned } = lab;
      const from = pinned && sourceLayer(card.layers, pinned.layer);
      if (!pinned || !from) return;
      const { layer, spot } = pinned;
      shown = { layer, from, spot };
      const parameters = { layer: layer.name, ...addressParameters(spot, layer.shape), top: "1" };
      const { answer, fresh } = explanation.of(lab, parameters);
      position.follow(pinned, lab.read, fresh ? answer : null);
      const sameMap = answer?.layer === layer.name && answer.address.channel === spot.channel; // then its kernel is the same
      const at = { layer, from, place: position.moved ?? spot, map: spot.channel, channel: position.channel };
      paint(lab, at, sameMap ? answer : null, fresh);
    },
    leave() {
      position.pause();
      mark.show(null);
    },
    destroy() {
      resizing.disconnect();
      mark.destroy();
    },
  };
}

/** @type {(host: HTMLElement) => number} of each of the two maps, in CSS pixels */
function sideOf(host) {
  return matchMedia(STACKED).matches ? Math.floor((host.clientWidth - 20) / 2) : host.clientHeight - AROUND_MAP_PX;
}

/** @type {(tools: Tools, at: Position, box: import("../../../lib/network/window.js").Box) => DOMRect | null} the window on the page */
function boxOnPage({ card, places }, { from, channel }, { row, column, rows, columns }) {
  const seen = from.kind === "normalization" ? card.layers[0].name : from.name; // the picture of the input stands for both
  const [lastRow, lastColumn] = [from.shape[0] - 1, from.shape[1] - 1];
  const corner = (/** @type {number} */ y, /** @type {number} */ x) =>
    places.of(seen, {
      row: Math.min(Math.max(y, 0), lastRow),
      column: Math.min(Math.max(x, 0), lastColumn),
      channel,
      index: 0,
    });
  const [first, last] = [corner(row, column), corner(row + rows - 1, column + columns - 1)];
  return first && last ? new DOMRect(first.x, first.y, last.right - first.x, last.bottom - first.y) : null;
}

/** @type {(tools: Tools, at: Position) => {source: string, output: string}} */
function captions({ card, t }, { layer, from, map, channel }) {
  const name = (/** @type {LayerCard} */ each, /** @type {number} */ which) =>
    `${layerTitle(each.name, t)}, ${mapWords(which, { layer: each.name, shape: each.shape }, t)}`;
  const seen = from.kind === "normalization" ? card.layers[0] : from;
  return { source: name(seen, channel), output: name(layer, map) };
}

/** @type {(tools: Tools, at: Position, covered: Covered, exact: UnitExplained | null) => {share: string, total: string}} `exact`: of this very value */
function numbers({ t }, { layer, from, place, channel }, { slice, share, value }, exact) {
  const number = (/** @type {number} */ coarse, /** @type {number | undefined} */ precise) =>
    precise === undefined ? `≈ ${formatValue(coarse, t.language, 2)}` : formatValue(precise, t.language);
  const adds = exact?.products ? sumsByMap(exact.products)[channel] : undefined;
  const source = { layer: from.name, shape: from.shape };
  const { row, column } = place;
  const pools = layer.kind === "pooling";
  return {
    share:
      slice || adds !== undefined
        ? t("window.share", { map: mapWords(channel, source, t), sum: number(share, adds) })
        : "",
    total: t(pools ? "window.largest" : "window.total", {
      row,
      column,
      value: number(value, exact?.value),
    }),
  };
}
