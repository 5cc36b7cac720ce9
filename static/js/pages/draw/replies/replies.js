/**
 * The reply to an image, by what the network is for: each kind has its own form in the column at the right and in a phone's one line.
 */

import { createClassificationReply } from "./classification.js";
import { createReconstructionReply } from "./reconstruction.js";

/**
 * @typedef {import("../types.js").Reply} Reply
 * @typedef {import("../types.js").ReplyParts} ReplyParts
 */

/** @type {Record<string, (parts: ReplyParts) => Reply>} */
const KINDS = { classification: createClassificationReply, reconstruction: createReconstructionReply };

/** @param {ReplyParts} parts */
export function createReply(parts) {
  return KINDS[parts.card.task](parts);
}
