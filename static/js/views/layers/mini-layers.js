/**
 * Layers as small pictures in rows: A, B and their difference, each column a layer.
 */

import { layerTitle, shortTitle } from "../../lib/network/names.js";
import { element } from "../parts/dom.js";
import { createGridPainter } from "./grid-painter.js";
import { valuesPicture } from "./pictures.js";

/**
 * @typedef {import("../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../lib/api/types.js").Tensor} Tensor
 *
 * @typedef {object} MiniContent
 * @property {{width: number, height: number}} room for all pictures, in CSS pixels
 * @property {((layer: LayerCard) => Tensor | null)[]} rows what each row shows of a layer
 * @property {(layer: LayerCard) => number} endOf where a layer's colour scale ends, in every row
 * @property {Uint32Array} table
 */

const GAP_PX = 6;

/**
 * @param {LayerCard[]} layers
 * @param {string[]} names of the rows
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createMiniLayers(layers, names, t) {
  const heads = layers.map((layer) =>
    element("th", { scope: "col", title: layerTitle(layer.name, t) }, shortTitle(layer.name, t)),
  );
  const rows = names.map((name) => {
    const canvases = layers.map((layer) =>
      element("canvas", { role: "img", "aria-label": `${layerTitle(layer.name, t)}, ${name}` }),
    );
    const row = element(
      "tr",
      {},
      element("th", { scope: "row" }, name),
      ...canvases.map((canvas) => element("td", {}, canvas)),
    );
    return { row, painters: canvases.map(createGridPainter) };
  });
  const table = element(
    "table",
    { class: "mini-layers" },
    element("thead", {}, element("tr", {}, element("td"), ...heads)),
    element("tbody", {}, ...rows.map(({ row }) => row)),
  );

  return {
    element: table,
    /** @param {MiniContent} content */
    update({ room, rows: shown, endOf, table: colours }) {
      const size = { width: room.width / layers.length - GAP_PX, height: room.height / rows.length - GAP_PX };
      rows.forEach(({ painters }, i) => {
        layers.forEach((layer, j) => {
          const options = { end: endOf(layer), order: null, table: colours, room: size, ratio: devicePixelRatio };
          painters[j].paint(valuesPicture(layer.shape, shown[i](layer), options));
        });
      });
    },
  };
}
