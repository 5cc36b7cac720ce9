/**
 * The reply to an image, by what the network is for: each kind has its own form in the column at the right and in a phone's one line.
 */

import { createClassificationReply } from "./classification.js";
import { createReconstructionReply } from "./reconstruction.js";

/**
 * @typedef {import("../../../lib/api/types.js").ModelCard} ModelCard
 * @typedef {import("../../../lib/api/types.js").Answer} Answer
 * @typedef {import("../conversation.js").Frame} Frame
 *
 * @typedef {object} Replied
 * @property {Frame | null} frame the newest answer
 * @property {string | null} target the class that explanations are about, by its English name
 * @property {import("../sheets/sheets.js").Lens | null} lens what the layers show instead of their values
 * @property {import("../../../views/parts/palette.js").Palette} palette
 *
 * @typedef {object} Reply
 * @property {(shown: Replied) => void} update
 * @property {(answer: Answer) => string} words what a screen reader hears
 * @property {() => void} destroy
 *
 * @typedef {object} ReplyParts
 * @property {ModelCard} card
 * @property {import("../../../lib/screen/i18n.js").Texts} t
 * @property {(label: string) => void} onClass a class of the answer was chosen, by its English name
 * @property {(sheet: string) => void} onNote what is said beside the answer was chosen: the sheet that tells more
 */

/** @type {Record<string, (parts: ReplyParts) => Reply>} */
const KINDS = { classification: createClassificationReply, reconstruction: createReconstructionReply };

/** @param {ReplyParts} parts */
export function createReply(parts) {
  return KINDS[parts.card.task](parts);
}
