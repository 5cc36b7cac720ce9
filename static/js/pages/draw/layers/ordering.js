/**
 * The order of the units in every layer: updated only when the pen rests, so that nothing moves while it draws.
 */

import { contributions, largestFirst, ordersOf, strengths } from "../../../lib/network/order.js";
import { createExplanation } from "../asking/explanation.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../../../lib/api/types.js").LayerDescription} LayerCard
 * @typedef {import("../../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../../lib/api/types.js").GradientExplanation} GradientsExplained
 */

/** @param {{t: import("../../../lib/screen/i18n.js").Texts, redraw: () => void}} page */
export function createOrdering({ t, redraw }) {
  /** @type {Map<string, Int32Array>} by layer; a layer that is not there stands by its numbers */
  const orders = new Map();
  /** @type {ReturnType<typeof createExplanation<GradientsExplained>>} */
  const gradients = createExplanation("gradients", { t, redraw });
  /** @type {unknown[]} what the order was made from */
  let made = [];

  /** @type {(layers: LayerCard[], readings: NonNullable<Lab["readings"]>, explained: GradientsExplained | null) => void} */
  function sort(layers, readings, explained) {
    orders.clear();
    for (const layer of layers) {
      const tensor = readings.get(layer.name)?.after;
      const gradient = explained?.layers?.find(({ name }) => name === layer.name)?.activation?.values;
      if (!tensor || (explained && !gradient)) continue;
      orders.set(layer.name, largestFirst(gradient ? contributions(tensor, gradient) : strengths(tensor)));
    }
  }

  return {
    /** @type {(card: ModelCard, lab: Pick<Lab, "question" | "rests" | "readings" | "target" | "state">) => void} */
    update(card, { question, rests, readings, target, state }) {
      const order = ordersOf(card).includes(state.order) ? state.order : "place";
      if (order === "place") {
        orders.clear();
        made = [];
      } else if (rests && readings) {
        const wanted = order === "contribution";
        const { answer, fresh } = wanted
          ? gradients.of({ question, rests }, { layers: "full", ...(target ? { target } : {}) })
          : { answer: null, fresh: true };
        const from = [order, question, answer];
        if (!fresh || from.every((each, i) => each === made[i])) return;
        made = from;
        sort(card.layers.slice(1, -1), readings, answer);
      }
    },
    /** @type {(layer: string) => Int32Array | null} */
    of: (layer) => orders.get(layer) ?? null,
    /** Another network: its units stand by their numbers first. */
    clear() {
      gradients.drop();
      orders.clear();
      made = [];
    },
  };
}
