/**
 * The public REST API, and the page's own data, as functions. All data on the page comes through here.
 */

import { parseFrame } from "./wire.js";

/**
 * @typedef {import("./types.js").ModelSummary} ModelSummary
 * @typedef {import("./types.js").NetworkCard} ModelCard
 * @typedef {import("./types.js").Answer} Answer
 * @typedef {import("./types.js").Kernel} Kernel
 */

const PASSING = [502, 503, 504]; // a server that is busy, or that a proxy cannot reach for a moment

/** An error response: an RFC 9457 problem, or one built from another error response. */
export class ProblemError extends Error {
  /**
   * @param {string} name last part of the problem's `type`; "internal-error" where the answer was no problem object
   * @param {number} status
   * @param {Record<string, unknown>} members the whole problem object
   * @param {number} retryAfter seconds that the server asks to wait; 0 where it does not
   */
  constructor(name, status, members, retryAfter = 0) {
    super(`${status} ${name}`);
    this.name = "ProblemError";
    this.problem = name;
    this.status = status;
    this.members = members;
    this.retryAfter = retryAfter;
  }

  /** @returns {boolean} whether a retry with the same input may work; a 500 may be caused by this input */
  get passing() {
    return PASSING.includes(this.status);
  }
}

const PICTURE_PROBLEMS = ["not-an-image", "broken-image", "too-many-bytes", "too-many-pixels"];

/**
 * @param {ProblemError} error the answer to a file that was sent as a picture
 * @returns {string | null} what is wrong with the file, as a problem's name; null where nothing is
 */
export function pictureProblem({ problem, status }) {
  if (PICTURE_PROBLEMS.includes(problem)) return problem;
  if (problem === "nothing-drawn") return null;
  if (status === 413) return "too-many-bytes";
  return [400, 415, 422].includes(status) ? "not-an-image" : null; // empty, or of a kind that holds no picture
}

/**
 * @param {Response} response
 * @returns {Promise<ProblemError>}
 */
async function problemOf(response) {
  const members = await response.json().catch(() => ({}));
  const type = typeof members.type === "string" ? members.type : "";
  const name = type.startsWith("/problems/") ? type.slice("/problems/".length) : "internal-error";
  return new ProblemError(name, response.status, members, Number(response.headers.get("Retry-After")) || 0);
}

/**
 * @param {string | URL} address
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
async function ask(address, init) {
  const response = await fetch(address, init);
  if (!response.ok) throw await problemOf(response);
  return response;
}

/**
 * @param {string} name a file of the page's own
 * @returns {URL} where it stands beside this module, and so in the same version
 */
const besideModules = (name) => new URL(`../../../${name}`, import.meta.url);

/**
 * @param {string} language
 * @returns {Promise<Record<string, string>>} the page's texts
 */
export async function fetchTexts(language) {
  return (await ask(besideModules(`locales/${language}.json`))).json();
}

/** @returns {Promise<import("../pad/examples.js").Example[]>} digits that can be drawn for a visitor */
export async function fetchExamples() {
  return (await ask(besideModules("strokes.json"))).json();
}

/** @returns {Promise<{default: string, models: ModelSummary[]}>} the networks that are ready */
export async function fetchModels() {
  return (await ask("/models")).json();
}

/**
 * @param {string} model
 * @returns {Promise<ModelCard>}
 */
export async function fetchCard(model) {
  return (await ask(`/models/${encodeURIComponent(model)}`)).json();
}

/**
 * @param {string} model
 * @param {string} layer
 * @returns {Promise<Kernel>}
 */
export async function fetchKernel(model, layer) {
  const response = await ask(`/models/${encodeURIComponent(model)}/weights/${encodeURIComponent(layer)}`);
  const { kernel } = await response.json();
  return { shape: kernel.shape, values: Float32Array.from(kernel.values) };
}

/**
 * @param {string} model
 * @param {string} layer
 * @returns {Promise<import("./types.js").LayerStatistics>} its statistics on the test set
 */
export async function fetchStatistics(model, layer) {
  return (await ask(`/models/${encodeURIComponent(model)}/statistics/${encodeURIComponent(layer)}`)).json();
}

/**
 * @param {string} model
 * @param {Record<string, string>} asked which of its test images, and in which order
 * @returns {Promise<{total: number, matches_atlas: boolean, images: import("./types.js").GalleryEntry[]}>}
 */
export async function fetchTestImages(model, asked) {
  return (await ask(`/models/${encodeURIComponent(model)}/gallery?${new URLSearchParams(asked)}`)).json();
}

/**
 * @param {string} model
 * @param {string} layer
 * @returns {Promise<import("./types.js").ExcitingImages>} the test images that activate each of its units most
 */
export async function fetchExciting(model, layer) {
  return (await ask(`/models/${encodeURIComponent(model)}/atlas/${encodeURIComponent(layer)}`)).json();
}

/**
 * @param {string} model
 * @param {number} index
 * @returns {string} where the test image is, as a picture
 */
export function testPictureAddress(model, index) {
  return `/models/${encodeURIComponent(model)}/gallery/${index}.png`;
}

/**
 * @param {string} model
 * @param {number} index
 * @returns {Promise<Blob>} the test image as it was published
 */
export async function fetchTestPicture(model, index) {
  return (await ask(testPictureAddress(model, index))).blob();
}

/**
 * @param {string} model
 * @param {string} off units and maps that are switched off, "hidden_3:7,hidden_3:40"
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").AblationAnswer>}
 */
export async function fetchAccuracy(model, off, signal) {
  return (
    await ask(`/models/${encodeURIComponent(model)}/accuracy?${new URLSearchParams({ off })}`, { signal })
  ).json();
}

/**
 * @param {string} model
 * @returns {Promise<import("./types.js").AtlasMap>}
 */
export async function fetchAtlas(model) {
  return (await ask(`/models/${encodeURIComponent(model)}/atlas`)).json();
}

/**
 * @param {string} model an autoencoder
 * @param {number[]} code
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").Tensor>} the image that it draws from the code
 */
export async function decodeCode(model, code, signal) {
  const headers = { "Content-Type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify({ code }), signal };
  const { reconstruction } = await (await ask(`/decode?${new URLSearchParams({ model })}`, init)).json();
  return { shape: reconstruction.shape, values: Float32Array.from(reconstruction.values) };
}

/**
 * @typedef {{model: string, fit: string, body: Blob, experiment?: Record<string, string>}} Question one image, and the network
 *   that is to read it; `experiment`: in which ways it shall depart from what it is, as parameters of `/predict`
 */

/**
 * @param {Question} question
 * @param {Record<string, string>} parameters beside the question's own
 */
export function questionQuery({ model, fit }, parameters) {
  return new URLSearchParams({ model, fit, ...parameters });
}

/**
 * @param {string} path
 * @param {Question} question
 * @param {Record<string, string>} parameters beside the question's own
 * @param {AbortSignal} [signal]
 */
function send(path, question, parameters, signal) {
  const query = questionQuery(question, parameters);
  const { type } = question.body;
  const headers = { "Content-Type": type.startsWith("image/") ? type : "application/octet-stream" }; // the server looks at the content
  return ask(`${path}?${query}`, { method: "POST", body: question.body, headers, signal });
}

/**
 * Ask for an explanation: of the image as it is prepared now, and of the network with nothing switched off.
 * @param {string} call the last part of its address below `/explain`
 * @param {Question} question
 * @param {Record<string, string>} parameters
 * @param {AbortSignal} signal
 * @returns {Promise<unknown>} as `/docs` describes it
 */
export async function explain(call, question, parameters, signal) {
  const { skip_steps } = question.experiment ?? {};
  return (
    await send(`/explain/${call}`, question, { ...(skip_steps ? { skip_steps } : {}), ...parameters }, signal)
  ).json();
}

/**
 * @param {Question} question
 * @param {Record<string, string>} parameters beside the question's own
 * @param {AbortSignal} [signal]
 */
const predict = (question, parameters, signal) =>
  send("/predict", question, { ...question.experiment, ...parameters }, signal);

/**
 * Ask for the answer and every layer at 8 bits a value.
 * @param {Question} question
 * @param {AbortSignal} signal
 */
export async function predictFrame(question, signal) {
  const response = await predict(question, { layers: "full", format: "frame" }, signal);
  return parseFrame(await response.arrayBuffer());
}

/**
 * @param {Question} question
 * @param {AbortSignal} signal
 * @returns {Promise<number[]>} the probabilities alone, in class order
 */
export async function fetchProbabilities(question, signal) {
  const response = await predict(question, { layers: "none" }, signal);
  const answer = /** @type {Answer} */ (await response.json());
  return answer.probabilities.map(({ probability }) => probability);
}

/**
 * Request an answer as raw bytes, to be saved and not shown.
 * @param {Question} question
 * @param {Record<string, string>} reading which layers, in which format
 * @returns {Promise<Response>}
 */
export function fetchAnswer(question, reading) {
  return predict(question, reading);
}

/**
 * Ask for one layer's values at full precision.
 * @param {Question} question
 * @param {string} layer
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").LayerAnswer | null>}
 */
export async function predictLayer(question, layer, signal) {
  const response = await predict(question, { layers: layer, format: "json" }, signal);
  const answer = /** @type {Answer} */ (await response.json());
  return answer.layers?.find((each) => each.name === layer) ?? null;
}

/**
 * Ask for the answer alone.
 * @param {Question} question
 * @param {Record<string, string>} parameters beside the question's own
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function predictAnswer(question, parameters, signal) {
  return (await predict(question, { layers: "none", ...parameters }, signal)).json();
}
