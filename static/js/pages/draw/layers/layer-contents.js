/**
 * What the picture of every layer shows: its values or its kernel, on which scale, in which order and colours.
 */

import { drawnPicture } from "../../../lib/network/networks.js";
import { endOf, isShare, scaleEnds, scopeEnd, shownValues, showsBefore } from "../../../lib/network/shown.js";
import { summarise } from "../../../lib/network/statistics.js";

/**
 * @typedef {import("../../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../../lib/api/types.js").Reading} Reading
 * @typedef {import("../../../views/layers/layer-panel.js").PanelContent} PanelContent
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Lens} Lens
 */

/**
 * @param {import("../../../lib/api/types.js").NetworkCard} card
 * @param {object} chosen
 * @param {import("../state.js").State} chosen.state
 * @param {ReturnType<typeof import("./kernels.js").createKernels>} chosen.kernels
 * @param {ReturnType<typeof import("./ordering.js").createOrdering>} chosen.ordering
 */
export function createLayerContents(card, { state, kernels, ordering }) {
  const fixedEnds = scaleEnds(card.layers);
  const picture = drawnPicture(card)?.layer;

  /** @param {Pick<Lab, "readings" | "palette" | "off">} lab */
  function of({ readings, palette, off }) {
    /** @type {(layer: LayerCard, isBefore: boolean) => number | Float32Array} where the colour scale ends, in the scope that is chosen */
    function scaleOf(layer, isBefore) {
      if (isShare(layer, isBefore)) return 1;
      const fixed = fixedEnds.get(layer.name) ?? 1;
      const reading = readings?.get(layer.name);
      return scopeEnd(state.scope, fixed, reading?.before ?? reading?.after ?? null); // both sides of a ReLU on one scale
    }

    /** @type {(layer: LayerCard, reading: Reading | null, lens: Lens | null) => PanelContent} */
    function contentOf(layer, reading, lens) {
      const before = showsBefore(layer, state.before);
      const through = lens?.get(layer.name);
      return {
        shown: through
          ? {
              tensor: { shape: layer.shape, values: through.values },
              range: { ...summarise(through.values), silent: undefined },
            }
          : shownValues(reading, before),
        before,
        end: through ? through.end : scaleOf(layer, before),
        order: ordering.of(layer.name),
        off: off.get(layer.name) ?? [],
        table: layer === picture && !before ? palette.brightness : palette.table,
        kernel: kernels.shown(layer.name),
        output: kernels.outputOf(layer.name),
      };
    }

    return {
      /** @type {Lab["endOf"]} */
      endOf: (layer, isBefore, channel) => endOf(scaleOf(layer, isBefore), channel),
      /** @type {(lens: Lens | null) => (layer: LayerCard, reading: Reading | null) => PanelContent} */
      contentOf: (lens) => (layer, reading) => contentOf(layer, reading, lens),
    };
  }

  return { of };
}
