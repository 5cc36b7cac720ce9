/**
 * The window of a convolution or a pooling as it slides: the map that it looks at and the map that it makes, beside each other.
 */

import { addressParameters, mapWords, weightAt } from "../../../lib/explain/addresses.js";
import { sumsByMap } from "../../../lib/explain/sum.js";
import { layerTitle } from "../../../lib/network/names.js";
import { cut, mapOf, nextPlace, sourceLayer, windowOf } from "../../../lib/network/window.js";
import { formatValue } from "../../../lib/screen/format.js";
import { STACKED } from "../../../lib/screen/stage.js";
import { element } from "../../../views/parts/dom.js";
import { createSpotMark } from "../../../views/sheets/spot-mark.js";
import { createWindowMap } from "../../../views/sheets/window-map.js";
import { createExplanation } from "../asking/explanation.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../../../lib/api/types.js").LayerCard} LayerCard
 * @typedef {import("../../../lib/api/types.js").UnitExplained} UnitExplained
 * @typedef {{row: number, column: number}} Place
 */

const STEP_MS = 90;
const AROUND_MAP_PX = 34; // a caption above, a little room below
const TILE_PX = 54; // side of a window's picture between the maps
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {import("../types.js").SheetKind} */
export const sliding = {
  name: "sliding",
  about: "unit",
  whole: true,
  fits: (_, pinned) => pinned !== null && !pinned.kernel && ["convolution", "pooling"].includes(pinned.layer.kind),
  create({ card, t, places, redraw, pin }) {
    /** @type {ReturnType<typeof createExplanation<UnitExplained>>} */
    const explanation = createExplanation("unit", { t, redraw });
    /** @type {Place | null} where the window is, when it is not at the pinned value */
    let moved = null;
    let channel = 0; // the input map that is shown
    let of = ""; // the map that the window makes
    let waiting = false; // for what each input map adds: the one that adds most is shown first
    /** @type {Lab["read"]} */
    let read = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    let playing;
    /** @type {Lab | null} */
    let lab = null;

    const mark = createSpotMark(places.host);
    const [sourceCaption, outputCaption] = [element("figcaption"), element("figcaption")];
    const source = createWindowMap(t("window.source"), null);
    const output = createWindowMap(t("window.output"), {
      onPlace(place) {
        moved = place;
        redraw();
      },
      onPin: pinPlace,
    });
    const tiles = ["input", "kernel", "product"].map((name) => ({
      map: createWindowMap(t(`window.${name}`), null),
      name: t(`window.${name}`),
    }));
    const tilesHost = element(
      "div",
      { class: "window-tiles" },
      ...tiles.flatMap(({ map, name }, i) => [
        ...(i ? [element("span", { class: "window-sign" }, i === 1 ? "×" : "=")] : []),
        element("figure", {}, element("figcaption", {}, name), map.element),
      ]),
    );
    const [share, total, hint] = [
      element("p"),
      element("p", { class: "window-total" }),
      element("p", { class: "window-hint" }, t("window.hint")),
    ];
    const play = element("button", { type: "button", class: "control" }, t("window.play"));
    const [previous, next] = [-1, 1].map((step) => {
      const button = element(
        "button",
        { type: "button", class: "chip small", "aria-label": t(step < 0 ? "window.previous" : "window.next") },
        step < 0 ? "‹" : "›",
      );
      button.addEventListener("click", () => stepChannel(step));
      return button;
    });
    const steps = element("span", { class: "window-steps" }, previous, next);
    const words = element("div", { class: "window-words" }, tilesHost, share, total, play, hint);
    const whole = element(
      "div",
      { class: "window-sheet" },
      element("figure", {}, element("div", { class: "window-head" }, sourceCaption, steps), source.element),
      words,
      element("figure", {}, element("div", { class: "window-head" }, outputCaption), output.element),
    );
    play.addEventListener("click", () => (playing ? pause() : start()));
    output.element.addEventListener("pointerleave", () => back());
    output.element.addEventListener("blur", () => back());
    const resizing = new ResizeObserver(redraw);
    resizing.observe(whole);

    function start() {
      playing = setInterval(() => {
        if (!lab?.pinned) return pause();
        moved = nextPlace(moved ?? { row: -1, column: lab.pinned.layer.shape[1] - 1 }, lab.pinned.layer.shape);
        redraw();
      }, STEP_MS);
      redraw();
    }

    function pause() {
      clearInterval(playing);
      playing = undefined;
      redraw();
    }

    /** To the value that is pinned, whose sum is exact. */
    function back() {
      if (playing) return;
      moved = null;
      redraw();
    }

    /** @param {number} step */
    function stepChannel(step) {
      const from = lab?.pinned && sourceLayer(card.layers, lab.pinned.layer);
      if (from) channel = (channel + step + from.shape[2]) % from.shape[2];
      redraw();
    }

    /** @param {Place} place */
    function pinPlace({ row, column }) {
      if (!lab?.pinned) return;
      const { layer, spot } = lab.pinned;
      if (row === spot.row && column === spot.column) return;
      moved = null;
      pin(layer, {
        row,
        column,
        channel: spot.channel,
        index: (row * layer.shape[1] + column) * layer.shape[2] + spot.channel,
      });
    }

    /** @type {(from: LayerCard, box: import("../../../lib/network/window.js").Box) => DOMRect | null} the window on the page */
    function boxOnPage(from, { row, column, rows, columns }) {
      const seen = from.kind === "normalization" ? card.layers[0].name : from.name; // the picture of the input stands for both
      const corner = (/** @type {number} */ y, /** @type {number} */ x) =>
        places.of(seen, {
          row: Math.min(Math.max(y, 0), from.shape[0] - 1),
          column: Math.min(Math.max(x, 0), from.shape[1] - 1),
          channel,
          index: 0,
        });
      const [first, last] = [corner(row, column), corner(row + rows - 1, column + columns - 1)];
      return first && last ? new DOMRect(first.x, first.y, last.right - first.x, last.bottom - first.y) : null;
    }

    /** @type {(explained: UnitExplained | null, shape: number[]) => Float32Array | null} the slice of the kernel for the map that is shown */
    function sliceOf(explained, [rows, columns]) {
      if (!explained?.weights || !explained.window) return null;
      const { window: at, weights } = explained;
      const weight = (/** @type {number} */ i) =>
        weightAt(explained, { row: at.row + Math.floor(i / columns), column: at.column + (i % columns), channel });
      return Float32Array.from({ length: rows * columns }, (_, i) => weights.values[weight(i) ?? 0]);
    }

    /** @type {(shown: Lab, layer: LayerCard, from: LayerCard, place: Place, explained: {answer: UnitExplained | null, fresh: boolean}) => void} */
    function draw({ readings, palette, endOf, pinned }, layer, from, place, { answer, fresh }) {
      const inputs = readings?.get(from.name)?.after;
      const outputs = readings?.get(layer.name);
      const made = outputs?.before ?? outputs?.after;
      if (!inputs || !made || !pinned) return;
      const map = pinned.spot.channel;
      const stacked = matchMedia(STACKED).matches;
      const side = stacked ? Math.floor((whole.clientWidth - 20) / 2) : whole.clientHeight - AROUND_MAP_PX;
      const box = windowOf(layer, from.shape, place);
      const [values, result] = [mapOf(inputs, channel), mapOf(made, map)];
      const end = endOf(from, false, channel);
      source.update({ values, shape: from.shape, end, palette, box, side });
      output.update({
        values: result,
        shape: layer.shape,
        end: endOf(layer, Boolean(outputs?.before), map),
        palette,
        box: { ...place, rows: 1, columns: 1 },
        side,
      });
      mark.show(boxOnPage(from, box));
      sayWhere(layer, from, map);

      const seen = cut(values, from.shape, box);
      const slice =
        layer.kind === "convolution" && from.kind !== "normalization" ? sliceOf(answer, [box.rows, box.columns]) : null;
      const none = { row: 0, column: 0, rows: 0, columns: 0 };
      const shape = [box.rows, box.columns];
      tilesHost.hidden = !slice;
      const products = slice ? seen.map((value, i) => value * slice[i]) : seen;
      if (slice) {
        const ends = [end, Math.max(...slice.map(Math.abs)), Math.max(...products.map(Math.abs))];
        [seen, slice, products].forEach((each, i) => {
          tiles[i].map.update({ values: each, shape, end: ends[i] || 1, palette, box: none, side: TILE_PX });
        });
      }
      const here = result[place.row * layer.shape[1] + place.column];
      const exact = moved === null && fresh ? answer : null;
      const number = (/** @type {number} */ coarse, /** @type {number | undefined} */ precise) =>
        precise === undefined ? `≈ ${formatValue(coarse, t.language, 2)}` : formatValue(precise, t.language);
      const adds = exact?.products ? sumsByMap(exact.products)[channel] : undefined;
      share.textContent =
        slice || adds !== undefined
          ? t("window.share", {
              map: mapWords(channel, { layer: from.name, shape: from.shape }, t),
              sum: number(
                products.reduce((sum, each) => sum + each, 0),
                adds,
              ),
            })
          : "";
      const said = { row: place.row, column: place.column, value: number(here, exact?.value) };
      const pools = layer.kind === "pooling";
      total.textContent = t(pools ? "window.largest" : "window.total", said);
    }

    /** @type {(layer: LayerCard, from: LayerCard, map: number) => void} */
    function sayWhere(layer, from, map) {
      const name = (/** @type {LayerCard} */ each, /** @type {number} */ which) =>
        `${layerTitle(each.name, t)}, ${mapWords(which, { layer: each.name, shape: each.shape }, t)}`;
      sourceCaption.textContent = name(from.kind === "normalization" ? card.layers[0] : from, channel);
      outputCaption.textContent = name(layer, map);
      steps.hidden = layer.kind === "pooling"; // it looks at the map of its own number
      play.hidden = still.matches;
      play.textContent = t(playing ? "window.pause" : "window.play");
    }

    return {
      element: whole,
      update(shown) {
        lab = shown;
        const { pinned } = shown;
        const from = pinned && sourceLayer(card.layers, pinned.layer);
        if (!pinned || !from) return;
        const { layer, spot } = pinned;
        const { answer, fresh } = explanation.of(shown, {
          layer: layer.name,
          ...addressParameters(spot, layer.shape),
          top: "1",
        });
        const now = `${layer.name}/${spot.channel}`;
        if (of !== now) {
          channel = layer.kind === "pooling" ? spot.channel : 0;
          [of, moved, waiting] = [now, null, true];
        }
        if (waiting && fresh && answer?.products) {
          const sums = sumsByMap(answer.products).map(Math.abs);
          channel = sums.indexOf(Math.max(...sums));
          waiting = false;
        }
        if (shown.read !== read) {
          read = shown.read;
          if (read && read.layer === layer && read !== pinned && !playing) moved = read.spot;
        }
        if (moved && moved.row === spot.row && moved.column === spot.column) moved = null;
        const same = answer?.layer === layer.name && answer.address.channel === spot.channel; // of the same map: its kernel is the same
        draw(shown, layer, from, moved ?? spot, { answer: same ? answer : null, fresh });
      },
      leave() {
        pause();
        mark.show(null);
      },
      destroy() {
        resizing.disconnect();
        mark.destroy();
      },
    };
  },
};
