/**
 * The value that is pinned: how large it is, and how it lies among the others of its layer.
 */

import { createValueSheet } from "../../views/value-sheet.js";

/** @type {import("../sheets.js").SheetKind} */
export const value = {
  name: "value",
  about: "unit",
  fits: () => true,
  create({ card, t }) {
    const sheet = createValueSheet(card, t);
    return {
      element: sheet.element,
      update: ({ pinned, ...lab }) => pinned && sheet.update({ ...lab, subject: pinned }),
    };
  },
};
