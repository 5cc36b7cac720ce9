/**
 * A layer that has no values of its own as a thin line: its name, what it does now, and its values as a strip.
 */

import { layerKind } from "../../lib/network/names.js";
import { colourInto } from "../../lib/screen/colormaps.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../lib/api/types.js").Tensor} Tensor
 */

const STRIP_ROWS = 4;

/**
 * @param {LayerCard} layer
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {(layer: LayerCard) => void} onOpen
 */
export function createRule(layer, t, onOpen) {
  const kind = layerKind(layer, t).replace(/^./u, (first) => first.toLocaleUpperCase(t.language));
  const long = element("span", { class: "rule-long" }, t(`rule.${layer.kind}.long`, { kind }));
  const short = element("span", { class: "rule-short" }, t(`rule.${layer.kind}.short`, { kind }));
  const strip = element("canvas", { "aria-hidden": "true" });
  const context = context2d(strip);
  const button = element(
    "button",
    { type: "button", class: "rule", "data-layer": layer.name, title: long.textContent ?? "" },
    long,
    short,
    strip,
  );
  button.addEventListener("click", () => onOpen(layer));
  const count = layer.shape.reduce((a, b) => a * b, 1);
  const columns = Math.ceil(count / STRIP_ROWS);
  const order = new Int32Array(columns * STRIP_ROWS); // value after value runs down the columns
  for (let i = 0; i < order.length; i++) {
    const index = (i % columns) * STRIP_ROWS + Math.floor(i / columns);
    order[i] = index < count ? index : -1;
  }
  const pixels = new Uint32Array(order.length);

  return {
    element: button,
    layer,
    /** @type {(tensor: Tensor | null, end: number, table: Uint32Array) => void} */
    update(tensor, end, table) {
      sizeCanvas(strip, columns, STRIP_ROWS);
      colourInto(tensor?.values ?? new Float32Array(count), order, end, table, pixels);
      context.putImageData(imageOf(pixels, columns, STRIP_ROWS), 0, 0);
    },
    destroy() {
      button.remove();
    },
  };
}
