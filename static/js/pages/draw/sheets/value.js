/**
 * The value that is pinned: how large it is, how it lies among the others of its layer, and among its own over the test set.
 */

import { element } from "../../../views/parts/dom.js";
import { createUsualRange } from "../../../views/sheets/usual-range.js";
import { createValueSheet } from "../../../views/sheets/value-sheet.js";

/** @type {import("../types.js").SheetKind} */
export const value = {
  name: "value",
  about: "unit",
  fits: () => true,
  create({ card, t, usual }) {
    const sheet = createValueSheet(card, t);
    const range = createUsualRange(t);
    /** @type {{exact: import("../../../lib/api/types.js").LayerAnswer | null, question: object | null}} */
    let kept = { exact: null, question: null }; // the pointer may be on another layer since
    return {
      element: element("div", { class: "value-and-usual" }, sheet.element, range.element),
      update({ pinned, ...lab }) {
        if (!pinned) return;
        const { layer, spot, kernel } = pinned;
        if (lab.exact?.name === layer.name) kept = { exact: lab.exact, question: lab.question };
        const exact = kept.exact?.name === layer.name && kept.question === lab.question ? kept.exact : null;
        sheet.update({ ...lab, exact, subject: pinned });
        const reading = lab.readings?.get(layer.name);
        const [precise, coarse] = reading?.before
          ? [exact?.pre_activation, reading.before]
          : [exact?.activation, reading?.after];
        const value = precise?.values?.[spot.index] ?? coarse?.values[spot.index] ?? null;
        range.element.hidden = Boolean(kernel);
        if (!kernel) range.update(lab.palette, usual.of(layer.name), spot.channel, value);
      },
    };
  },
};
