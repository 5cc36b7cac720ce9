/**
 * A unit's weights, and input × weight, as two pictures that stand as the unit's source stands, each with its scale.
 */

import { addressWords, mapWords } from "../../lib/explain/addresses.js";
import { sumsByMap } from "../../lib/explain/sum.js";
import { colourInto } from "../../lib/screen/colormaps.js";
import { formatValue } from "../../lib/screen/format.js";
import { fitMap, fitRows, mapOrder, spotAt } from "../../lib/screen/grid.js";
import { createLayerMap } from "../layers/layer-map.js";
import { valuesPicture } from "../layers/pictures.js";
import { element } from "../parts/dom.js";
import { createLegend } from "../parts/legend.js";

/**
 * @typedef {import("../../lib/api/types.js").UnitExplanation} UnitExplained
 * @typedef {import("../../lib/api/types.js").JsonTensor} JsonTensor
 * @typedef {import("../../lib/screen/grid.js").Grid} Grid
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 * @typedef {{order: Int32Array, columns: number} | null} Arrangement how the units of the source stand, where it is units
 *
 * @typedef {object} Taken what is shown
 * @property {UnitExplained} explained with `weights` and `products`
 * @property {Arrangement} arrangement
 * @property {import("../parts/palette.js").Palette} palette
 * @property {import("../../lib/screen/stage.js").Size} room for each of the two
 * @property {(index: number) => import("../../lib/api/types.js").Address} addressOf where in the source a weight meets its input
 */

const KINDS = /** @type {const} */ (["weights", "products"]);

/**
 * @typedef {object} Figure
 * @property {typeof KINDS[number]} what
 * @property {HTMLElement} caption
 * @property {ReturnType<typeof createLayerMap>} map
 * @property {HTMLElement} whole
 * @property {ReturnType<typeof createLegend>} legend
 * @property {number} end where its scale ends
 *
 * @typedef {object} WeightEvents
 * @property {(index: number | null) => void} onSpot a weight is read, by its place in `weights`; null where none is any more
 * @property {(index: number) => void} onPin
 */

/** @param {Texts} t @param {WeightEvents} events */
export function createWeightPictures(t, { onSpot, onPin }) {
  /** @type {Taken | null} */
  let taken = null;
  /** @type {number | null} */
  let marked = null;

  /** @type {(spot: Spot) => number} where in the weights a place of the picture stands */
  const indexAt = (spot) => (taken?.arrangement ? taken.arrangement.order[spot.index] : spot.index);

  /** @type {(grid: Grid, index: number) => Spot} */
  const spotIn = (grid, index) => spotAt(grid, taken?.arrangement ? taken.arrangement.order.indexOf(index) : index);

  const figures = KINDS.map((what) =>
    createFigure(t, what, { onSpot: (spot) => onSpot(spot && indexAt(spot)), onPin: (spot) => onPin(indexAt(spot)) }),
  );
  const whole = element("div", { class: "weight-pictures" }, ...figures.map((each) => each.whole));

  function showMarked() {
    if (!taken) return;
    const words = marked === null ? null : wordsAt(taken, marked, t);
    for (const [i, { what, caption, map, legend, end }] of figures.entries()) {
      caption.textContent = words ? words[i] : t(`apart.${what}`);
      map.mark(marked === null || !map.grid ? null : spotIn(map.grid, marked), null);
      const value = marked === null ? null : (taken.explained[what]?.values[marked] ?? null);
      legend.update(taken.palette, end, value);
    }
  }

  return {
    element: whole,
    /** @param {Taken} next */
    update(next) {
      taken = next;
      marked = null;
      for (const figure of figures) {
        const tensor = next.explained[figure.what];
        if (!tensor) continue;
        figure.end = tensor.values.reduce((end, value) => Math.max(end, Math.abs(value)), 0) || 1;
        figure.map.show(pictureOf(tensor, figure.end, next));
        figure.whole.style.inlineSize = `${Math.max(figure.map.canvas.width / devicePixelRatio, 1)}px`;
      }
      showMarked();
    },
    /** @param {number | null} index of the weight that is read */
    mark(index) {
      if (marked === index) return;
      marked = index;
      showMarked();
    },
    destroy() {
      for (const { map } of figures) map.destroy();
    },
  };
}

/** @type {(t: Texts, what: typeof KINDS[number], events: {onSpot: (spot: Spot | null) => void, onPin: (spot: Spot) => void}) => Figure} */
function createFigure(t, what, { onSpot, onPin }) {
  const caption = element("figcaption");
  const [scale, host] = [element("div", { class: "legend" }), element("div", { class: "map" })];
  const map = createLayerMap(host, { label: t(`apart.${what}.label`), onOpen() {}, onSpot, onPin });
  const whole = element("figure", { class: what }, caption, host, scale);
  host.addEventListener("pointerleave", () => onSpot(null));
  map.canvas.addEventListener("blur", () => onSpot(null));
  return { what, caption, map, whole, legend: createLegend(scale, t), end: 0 };
}

/** @type {(tensor: JsonTensor, end: number, shown: Taken) => import("../layers/layer-map.js").Picture} */
function pictureOf({ shape, values }, end, { arrangement, palette: { table }, room }) {
  const [ratio, numbers] = [devicePixelRatio, Float32Array.from(values)];
  const [width, height] = [room.width, room.height].map((side) => Math.floor(side * ratio));
  if (shape.length === 3)
    return valuesPicture(shape, { shape, values: numbers }, { end, order: null, table, room, ratio });
  if (shape.length === 2) {
    const grid = fitMap(shape, width, height);
    return { grid, fill: (_, pixels) => colourInto(numbers, mapOrder(grid, 0), end, table, pixels) };
  }
  const { order, columns } = arrangement ?? {
    order: Int32Array.from(numbers.keys()),
    columns: Math.ceil(Math.sqrt(numbers.length)),
  };
  const grid = fitRows(numbers.length, columns, width, height, ratio);
  return {
    grid,
    fill: (_, pixels) =>
      colourInto(
        numbers,
        Int32Array.from(pixels, (_each, place) => order[place] ?? -1),
        end,
        table,
        pixels,
      ),
  };
}

/** @type {(shown: Taken, index: number, t: Texts) => [string, string]} what the captions say of one weight */
function wordsAt({ explained: { weights, products, source, kind }, addressOf }, index, t) {
  const [weight, product] = [weights, products].map((tensor) => tensor?.values[index] ?? 0);
  const shape = weights?.shape ?? [];
  const number = (/** @type {number} */ value) => formatValue(value, t.language, 3);
  const name = addressWords(addressOf(index), source, t);
  const input = weight ? number(product / weight) : "–";
  const said = t("apart.times", { input, product: number(product) });
  if (kind !== "convolution" || !products) return [`${name}: ${number(weight)}`, said];
  const channel = index % (shape[2] ?? 1);
  return [
    `${name}: ${number(weight)}`,
    `${said} · ${t("apart.map.adds", { map: mapWords(channel, source, t), sum: number(sumsByMap(products)[channel]) })}`,
  ];
}
