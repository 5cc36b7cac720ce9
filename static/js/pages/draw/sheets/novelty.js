/**
 * "Novelty": how unlike the training data the image is, and which layers that is computed from.
 */

import { createNoveltySheet } from "../../../views/sheets/novelty-sheet.js";

/** @type {import("../types.js").SheetKind} */
export const novelty = {
  name: "novelty",
  about: "image",
  fits: (card) => card.novelty !== null,
  create({ card, t }) {
    const sheet = createNoveltySheet(card, t);
    return {
      element: sheet.element,
      update: ({ frame, off }) => sheet.update(frame?.answer.novelty ?? null, off.size > 0),
    };
  },
};
