/**
 * Which of the networks that are ready a page can show.
 */

/** @typedef {import("./types.js").ModelSummary} ModelSummary */

/** Two recipes for one architecture: what the second lacks is seen where they read one drawing differently. */
export const PAIR = ["mnist-mlp", "mnist-mlp-lecture"];

/**
 * @param {ModelSummary[]} models
 * @returns {ModelSummary[]} those that name what they see; an autoencoder answers with a code and a picture instead
 */
export function classifiers(models) {
  return models.filter((model) => model.task === "classification");
}
