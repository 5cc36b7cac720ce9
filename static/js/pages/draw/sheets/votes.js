/**
 * "Votes": the answers of several runs with dropout left on.
 */

import { createVotesSheet } from "../../../views/sheets/votes-sheet.js";
import { createExplanation } from "../asking/explanation.js";

const SAMPLES = 50;

/** @type {import("../types.js").SheetKind} */
export const votes = {
  name: "votes",
  about: "image",
  whole: true,
  fits: (card) => card.explainers.includes("votes"),
  create({ card, t, redraw }) {
    /** @type {ReturnType<typeof createExplanation<import("../../../lib/api/types.js").VotesExplanation>>} */
    const explanation = createExplanation("votes", { t, redraw });
    let seed = 0;
    const sheet = createVotesSheet(card, t, () => {
      seed += 1;
      redraw();
    });
    return {
      element: sheet.element,
      update: (lab) =>
        sheet.update({
          ...explanation.of(lab, { samples: String(SAMPLES), seed: String(seed) }),
          empty: !lab.question,
        }),
    };
  },
};
