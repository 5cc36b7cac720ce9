/**
 * The layers' statistics on the test set, for one network: each is fetched once, at its first use.
 */

import { fetchStatistics } from "../../../lib/api/api.js";
import { persist } from "../../../lib/api/retry.js";

/** @typedef {import("../../../lib/api/types.js").LayerStatistics} LayerStatistics */

/**
 * @param {string} model
 * @param {() => void} redraw
 */
export function createUsual(model, redraw) {
  /** @type {Map<string, LayerStatistics | null>} by layer; null while they are on their way, and where there are none */
  const layers = new Map();

  /** @param {string} layer */
  async function load(layer) {
    layers.set(layer, null);
    const statistics = await persist(() => fetchStatistics(model, layer), { wanted: () => true, onTrouble() {} });
    if (!statistics) return;
    layers.set(layer, statistics);
    redraw();
  }

  return {
    /** @type {(layer: string) => LayerStatistics | null} */
    of(layer) {
      if (!layers.has(layer)) load(layer);
      return layers.get(layer) ?? null;
    },
  };
}
