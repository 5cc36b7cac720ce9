/**
 * The layers as gradients: shown only while they belong to the image on the page and to the score that is explained.
 */

import { gradientLens } from "../../../lib/explain/heat.js";
import { showsBefore } from "../../../lib/network/shown.js";
import { createExplanation } from "../asking/explanation.js";
import { remembering } from "./heat-contents.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../../../lib/api/types.js").GradientExplanation} GradientsExplained
 */

/** @param {Pick<import("../types.js").Tools, "card" | "t" | "redraw">} tools */
export function createLayerGradients({ card, t, redraw }) {
  /** @type {ReturnType<typeof createExplanation<GradientsExplained>>} */
  const gradients = createExplanation("gradients", { t, redraw });
  const lensOf = remembering((answer, before) => gradientLens(card.layers, answer.layers, before));
  const of = (/** @type {Lab} */ lab, /** @type {Record<string, string>} */ asked) =>
    gradients.of(lab, { ...asked, layers: "full" });

  return {
    /** @type {(lab: Lab, asked: Record<string, string>) => ReturnType<typeof gradientLens> | null} */
    lens(lab, asked) {
      const { answer, fresh } = of(lab, asked);
      return answer && fresh ? lensOf(answer, lab.state.before) : null;
    },
    /** @type {(lab: Lab, asked: Record<string, string>) => string} what the layers show now */
    words(lab, asked) {
      const { fresh, trouble } = of(lab, asked);
      if (!fresh) return trouble || t("heat.layers.soon");
      const last = card.layers[card.layers.length - 1];
      return t(showsBefore(last, lab.state.before) ? "heat.layers.now" : "heat.layers.softmax");
    },
    drop: gradients.drop,
  };
}
