/**
 * What the network sees and its heat-maps side by side; the pixel that is read in one of them is read in all of them.
 */

import { areaOf, strongest } from "../../lib/explain/heat.js";
import { layerTitle } from "../../lib/network/names.js";
import { formatValue } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";
import { createHeatMap } from "./heat-map.js";

/**
 * @typedef {import("../../lib/explain/heat.js").HeatMap} HeatMap
 * @typedef {import("./heat-map.js").HeatContent} HeatContent
 * @typedef {import("./heat-map.js").Point} Point
 * @typedef {"sees" | "gradient" | "product" | "gradcam" | "occlusion"} Method
 * @typedef {Omit<HeatContent, "words"> & {caption?: string}} MethodContent
 */

/** @type {Method[]} what comes from the input at 8 bits a value, and is said to two digits */
const COARSE = ["sees", "product"];

/**
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {number} value
 * @param {boolean} coarse
 * @param {string} [plus] before what is more than zero
 * @returns {string} with its sign
 */
const valueWords = (t, value, coarse, plus = "+") =>
  `${coarse && value ? "≈\u00a0" : ""}${value > 0 ? plus : ""}${formatValue(value, t.language, coarse ? 2 : 3)}`;

/**
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {HeatMap} heat
 * @param {boolean} [coarse] whether its values are known to two digits
 * @returns {string} where its largest magnitude stands: "strongest at row 12, column 15: +0.31"
 */
export function strongestWords(t, heat, coarse = false) {
  const place = strongest(heat.values);
  if (place < 0) return t("heat.nothing");
  return t("heat.strongest", { at: placeWords(t, heat, place), value: valueWords(t, heat.values[place], coarse) });
}

/** @type {(t: import("../../lib/screen/i18n.js").Texts, heat: HeatMap, place: number) => string} */
function placeWords(t, heat, place) {
  const { row, column, side } = areaOf(heat, place);
  if (side === 1) return t("inspector.at", { row, column });
  return t("heat.square", { row, column, lastRow: row + side - 1, lastColumn: column + side - 1 });
}

/**
 * @param {object} options
 * @param {number[]} options.shape of the network's input
 * @param {string[]} options.convolutions names of the layers that Grad-CAM can weigh; without any it is not shown
 * @param {import("../../lib/screen/i18n.js").Texts} options.t
 * @param {(point: Point | null) => void} options.onPoint
 * @param {(layer: string) => void} options.onLayer another convolution is chosen
 */
export function createHeatPictures({ shape, convolutions, t, onPoint, onLayer }) {
  const layer = element(
    "select",
    { class: "heat-layer", "aria-label": t("heat.gradcam.layer") },
    ...convolutions.map((name) => element("option", { value: name }, layerTitle(name, t))),
  );
  layer.addEventListener("change", () => onLayer(layer.value));
  const colour = shape[2] === 3;
  /** @type {Method[]} */
  const methods = [
    "sees",
    "gradient",
    "product",
    ...(convolutions.length ? [/** @type {Method} */ ("gradcam")] : []),
    "occlusion",
  ];
  const maps = new Map(
    methods.map((method) => {
      const caption = method === "gradcam" ? layer : element("span");
      const key = `heat.${method}.caption`;
      if (method !== "gradcam" && method !== "occlusion")
        caption.textContent = t(colour && t.has(`${key}.colour`) ? `${key}.colour` : key);
      const about = t(`heat.${method}.about`);
      const map = createHeatMap({
        shape,
        title: t(`heat.${method}`),
        caption,
        about,
        plain: method === "sees",
        t,
        onPoint,
      });
      return [method, { map, caption }];
    }),
  );
  const row = element("div", { class: "heat-row" }, ...[...maps.values()].map(({ map }) => map.element));
  row.style.setProperty("--count", String(methods.length));
  const readout = element("p", { class: "heat-read", "aria-live": "polite" });

  /** @type {(contents: Map<Method, MethodContent>, point: Point) => string} */
  function pointWords(contents, { row: at, column }) {
    const read = methods.flatMap((method) => {
      const heat = contents.get(method)?.heat;
      const place = heat ? heat.places[at * heat.columns + column] : -1;
      if (!heat || place < 0 || (colour && method === "sees")) return []; // a colour is no one number
      return `${t(`heat.${method}`)}\u00a0${valueWords(t, heat.values[place], COARSE.includes(method), method === "sees" ? "" : "+")}`;
    });
    return [t("inspector.at", { row: at, column }), ...read].join(" · ");
  }

  return {
    element: element("div", { class: "heat-pictures" }, row, readout),
    /** @type {(method: Method, content: MethodContent | null) => void} */
    show(method, content) {
      const found = maps.get(method);
      if (!found) return;
      if (content?.caption) found.caption.textContent = content.caption;
      found.map.update(content && { ...content, words: strongestWords(t, content.heat, COARSE.includes(method)) });
    },
    /**
     * @param {Map<Method, MethodContent>} contents
     * @param {Point | null} point the pixel that is read; where there is none, each map's strongest place is framed
     */
    read(contents, point) {
      for (const [method, { map }] of maps) {
        const heat = contents.get(method)?.heat;
        const place = !heat
          ? -1
          : point
            ? heat.places[point.row * heat.columns + point.column]
            : method === "sees"
              ? -1
              : strongest(heat.values);
        map.mark(place, point);
      }
      readout.textContent = contents.size < 2 ? "" : point ? pointWords(contents, point) : t("heat.read");
    },
    /** @type {(method: Method, stale: boolean) => void} */
    setStale: (method, stale) => maps.get(method)?.map.setStale(stale),
    /** @param {string} name of the convolution that is weighed */
    setLayer(name) {
      layer.value = name;
    },
  };
}
