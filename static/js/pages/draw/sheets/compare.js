/**
 * Two slots: A is an input that was kept, or another network that reads along; B is what the page shows. Their answers, their
 * layers on one scale, and the difference.
 */

import { comparedValues, possibleView } from "../../../lib/network/comparison.js";
import { classifies, PAIR } from "../../../lib/network/networks.js";
import { sharedLayers } from "../../../lib/network/pairs.js";
import { showsBefore } from "../../../lib/network/shown.js";
import { createCompareView } from "../../../views/sheets/compare-view.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Lens} Lens
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/api/types.js").LayerDescription} LayerCard
 */

/** @type {import("../types.js").SheetKind} */
export const compare = {
  name: "compare",
  about: "image",
  fits: classifies,
  create,
};

/** @param {Tools} tools */
function create(tools) {
  const { card, t, slot, redraw, showPair } = tools;
  /** @type {import("../../../lib/network/comparison.js").CompareView} */
  let view = "b";
  /** @type {Lab | null} */
  let lab = null;

  const compareView = createCompareView({
    card,
    t,
    networks: networksLike(tools),
    hasPair: PAIR.includes(card.name) && PAIR.every((name) => tools.models.some((model) => model.name === name)),
    onKeep: () => lab?.frame && lab.readings && slot.pin(lab.frame, lab.readings, card),
    onNetwork: (name) => (name ? slot.follow(name) : slot.clear()),
    onPair: showPair,
    onClear: slot.clear,
    onView(chosen) {
      view = chosen;
      redraw();
    },
  });

  /** @type {(lab: Lab) => (layer: LayerCard) => number} */
  const endIn =
    ({ endOf, state }) =>
    (layer) =>
      endOf(layer, showsBefore(layer, state.before), 0);

  return {
    element: compareView.element,
    update(/** @type {Lab} */ next) {
      lab = next;
      slot.update(next.question);
      const { held } = slot;
      compareView.update({
        held,
        frame: next.frame,
        readings: next.readings,
        view: possibleView(held, view),
        before: next.state.before,
        endOf: endIn(next),
        table: next.palette.table,
      });
    },
    lens(/** @type {Lab} */ next) {
      const { held } = slot;
      const chosen = possibleView(held, view);
      if (!held || chosen === "b") return null;
      const pair = { a: held.readings, b: next.readings, before: next.state.before };
      const endOf = endIn(next);
      /** @type {Lens} */
      const lens = new Map();
      for (const layer of sharedLayers(card.layers, held.card.layers)) {
        const tensor = comparedValues(chosen, pair, layer);
        if (tensor) lens.set(layer.name, { values: tensor.values, end: endOf(layer) });
      }
      return lens;
    },
    leave() {
      view = "b";
    },
  };
}

/** @type {(tools: Tools) => {name: string, title: string}[]} other networks that classify the same kind of image */
function networksLike({ card, models, t }) {
  return models
    .filter((each) => each.name !== card.name && classifies(each))
    .filter((each) => each.input.preprocessing === card.input.preprocessing)
    .map(({ name, title }) => ({ name, title: title[t.language] ?? name }));
}
