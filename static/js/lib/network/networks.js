/**
 * Which of the networks that are ready a page can show, and what a network is for.
 */

/**
 * @typedef {import("../api/types.js").ModelSummary} ModelSummary
 * @typedef {import("../api/types.js").NetworkCard} ModelCard
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 */

/** What networks are for, in the order in which they are offered. */
export const TASKS = ["classification", "reconstruction"];

/** Two recipes for one architecture: they are compared on a drawing that they classify differently. */
export const PAIR = ["mnist-mlp", "mnist-mlp-lecture"];

/** The code layer of an autoencoder. */
export const CODE = "code";

/**
 * @param {ModelSummary[]} models
 * @returns {ModelSummary[]} those that the page knows how to show; what classifies comes first
 */
export function offered(models) {
  return TASKS.flatMap((task) => models.filter((model) => model.task === task));
}

/**
 * @param {{task: string}} model
 * @returns {boolean} whether it names what it sees; an autoencoder answers with a code and a picture instead
 */
export function classifies({ task }) {
  return task === "classification";
}

/**
 * @param {ModelSummary | undefined} model
 * @returns {"digits" | "photos"} what is drawn for it: white ink on black, or a picture in colours
 */
export function padKind(model) {
  return model?.input.preprocessing === "photos" ? "photos" : "digits";
}

/**
 * @param {ModelSummary} model
 * @param {ModelSummary[]} models
 * @returns {ModelSummary | undefined} the network whose gallery holds this one's test images: itself, or where it names nothing and so
 *   has no gallery of its own, another of the same data set
 */
export function galleryOf(model, models) {
  if (model.gallery || classifies(model)) return model.gallery ? model : undefined;
  return models.find(({ gallery, dataset }) => gallery && dataset === model.dataset);
}

/**
 * @param {Pick<ModelCard, "task" | "layers" | "input">} card
 * @returns {{layer: LayerCard, columns: number} | null} the layer whose units are the pixels of a picture, where the network draws one
 */
export function drawnPicture({ task, layers, input }) {
  const layer = layers.at(-1);
  return layer && !classifies({ task }) ? { layer, columns: input.shape[1] } : null;
}
