/**
 * The positions of the network's parts on the page, for threads and marks drawn across them.
 */

import { classifies } from "../../lib/network/networks.js";

/**
 * @typedef {import("../../lib/screen/grid.js").Spot} Spot
 *
 * @typedef {object} Places
 * @property {HTMLElement} host holds everything that has a place
 * @property {(layer: string, spot: Spot) => DOMRect | null} of a unit, a value of a map, a pixel of the input, a class of the answer;
 *   in the window's coordinates, null where it is out of sight
 */

/**
 * @param {object} parts
 * @param {HTMLElement} parts.host
 * @param {import("../../lib/api/types.js").NetworkCard} parts.card
 * @param {HTMLCanvasElement} parts.sees the picture of the network's input
 * @param {HTMLElement} parts.bars the list of classes
 * @param {(layer: string, spot: Spot) => DOMRect | null} parts.rectOf in the stage
 * @returns {Places}
 */
export function createPlaces({ host, card, sees, bars, rectOf }) {
  const [input, output] = [
    card.layers[0],
    /** @type {import("../../lib/api/types.js").LayerDescription} */ (card.layers.at(-1)),
  ];

  /** @param {Spot} spot */
  function pixelOf({ row, column }) {
    const box = sees.getBoundingClientRect();
    const [rows, columns] = card.input.shape; // a layer of units has the same pixels in one row
    const [width, height] = [box.width / columns, box.height / rows];
    return box.width ? new DOMRect(box.x + column * width, box.y + row * height, width, height) : null;
  }

  return {
    host,
    of(layer, spot) {
      if (layer === input.name) return pixelOf(spot);
      if (layer === output.name && classifies(card))
        return bars.children[spot.channel]?.getBoundingClientRect() ?? null;
      return rectOf(layer, spot);
    },
  };
}
