/**
 * Computes the values that a frame leaves out because they follow from others: ReLU, sigmoid, softmax, pooling, and the layers
 * that only pass values on when the network predicts (dropout, flatten).
 */

/**
 * @typedef {import("../api/types.js").Tensor} Tensor
 * @typedef {import("../api/types.js").Reading} Reading
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../api/types.js").NetworkCard} ModelCard
 * @typedef {import("../api/types.js").Answer} Answer
 * @typedef {import("../api/types.js").Frame} Frame
 */

/**
 * @param {Float32Array} values
 * @returns {Float32Array} negative values taken away
 */
export function relu(values) {
  return values.map((value) => Math.max(value, 0));
}

/**
 * @param {Float32Array} values
 * @returns {Float32Array} each brought between zero and one
 */
export function sigmoid(values) {
  return values.map((value) => 1 / (1 + Math.exp(-value)));
}

/**
 * @param {Float32Array} logits
 * @returns {Float32Array} probabilities that add up to one
 */
export function softmax(logits) {
  const highest = logits.reduce((a, b) => Math.max(a, b), -Infinity); // keeps exp() from overflowing
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/**
 * Max pooling without padding, as Keras's `MaxPooling2D(padding="valid")`.
 * @param {Tensor} input shape `[rows, columns, channels]`
 * @param {{pool_size?: number[], strides?: number[]}} options
 * @returns {Tensor}
 */
export function maxPool(input, { pool_size: pool = [2, 2], strides = pool }) {
  const [inputRows, inputColumns, channels] = input.shape;
  const rows = Math.floor((inputRows - pool[0]) / strides[0]) + 1;
  const columns = Math.floor((inputColumns - pool[1]) / strides[1]) + 1;
  const values = new Float32Array(rows * columns * channels).fill(-Infinity);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const target = (row * columns + column) * channels;
      for (let dy = 0; dy < pool[0]; dy++) {
        for (let dx = 0; dx < pool[1]; dx++) {
          const source = ((row * strides[0] + dy) * inputColumns + column * strides[1] + dx) * channels;
          for (let channel = 0; channel < channels; channel++) {
            const value = input.values[source + channel];
            if (value > values[target + channel]) values[target + channel] = value;
          }
        }
      }
    }
  }
  return { shape: [rows, columns, channels], values };
}

/**
 * Follow the chain of layers through one frame.
 * @param {ModelCard} card
 * @param {Frame} frame
 * @returns {Map<string, Reading>} by layer name, in the network's order; a layer that cannot be derived has `after: null`;
 *   units and maps that the answer says are off have an activation of zero
 */
export function deriveReadings(card, { answer, tensors }) {
  /** @type {Map<string, Reading>} */
  const readings = new Map();
  /** @type {Tensor | null} */
  let current = tensors.get("input") ?? null;
  for (const layer of card.layers) {
    const before = tensors.get(layer.name) ?? null;
    const carried = layer.kind === "dense" || layer.kind === "convolution";
    /** @type {Tensor | null} */
    let after = null;
    if (layer.kind === "input" || layer.kind === "normalization") after = current;
    else if (carried) after = before && without(activate(layer, before, answer), offIn(answer, layer.name));
    else if (layer.kind === "pooling") after = current && maxPool(current, layer.options);
    else after = current && { shape: layer.shape, values: current.values };
    current = after;
    const exact = answer.layers?.find((each) => each.name === layer.name) ?? null;
    readings.set(layer.name, { layer, before: carried && layer.activation ? before : null, after, exact });
  }
  return readings;
}

/** @type {(answer: Answer, layer: string) => number[]} units or maps of the layer that were switched off */
const offIn = (answer, layer) => answer.off?.find((each) => each.layer === layer)?.units ?? [];

/** @type {(tensor: Tensor, units: number[]) => Tensor} zero where these units, or these maps, have their values */
function without(tensor, units) {
  if (!units.length) return tensor;
  const channels = /** @type {number} */ (tensor.shape.at(-1));
  const values = tensor.values.slice();
  for (const unit of units) for (let i = unit; i < values.length; i += channels) values[i] = 0;
  return { shape: tensor.shape, values };
}

/**
 * @param {LayerCard} layer
 * @param {Tensor} before
 * @param {Answer} answer
 * @returns {Tensor}
 */
function activate(layer, before, answer) {
  if (layer.activation === "relu") return { shape: before.shape, values: relu(before.values) };
  if (layer.activation === "sigmoid") return { shape: before.shape, values: sigmoid(before.values) };
  if (layer.activation !== "softmax") return before; // linear: what goes in comes out
  const exact = answer.probabilities?.map((each) => each.probability);
  const matches = exact?.length === before.values.length;
  return { shape: before.shape, values: matches ? Float32Array.from(exact) : softmax(before.values) };
}
