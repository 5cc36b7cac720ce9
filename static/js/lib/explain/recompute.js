/**
 * The lines of NumPy that compute one unit's number again from what the API gives: those of `docs/recompute.py`, with the page's own
 * network, layer and unit filled in.
 */

/**
 * @typedef {object} Recomputed
 * @property {string} origin of the server
 * @property {string} model
 * @property {import("../api/types.js").LayerDescription} layer
 * @property {string} source the layer whose values are added up
 * @property {import("../screen/grid.js").Spot} spot
 * @property {string} file the image that the network was shown, as it is saved
 * @property {string} type of the file
 * @property {string} fit how it becomes a square
 */

/**
 * @param {import("../api/types.js").LayerDescription} layer
 * @returns {boolean} whether there is a sum to compute, of a form that the lines know
 */
export function canRecompute({ kind, options }) {
  return (kind === "dense" || kind === "convolution") && (options.strides ?? [1]).every((step) => step === 1);
}

/**
 * @param {Recomputed} asked
 * @returns {string} Python that prints the network's own number, and what the sum comes to
 */
export function recomputeCode({ origin, model, layer, source, spot, file, type, fit }) {
  const maps = layer.kind === "convolution";
  const place = maps
    ? [
        ["channel", spot.channel],
        ["row", spot.row],
        ["column", spot.column],
      ]
    : [["unit", spot.channel]];
  const named = [["model", model], ["layer", layer.name], ["source", source], ["fit", fit], ...place];
  const values = named.map(([, each]) => (typeof each === "number" ? each : JSON.stringify(each)));
  return [
    "from pathlib import Path",
    "",
    "import httpx",
    "import numpy as np",
    "",
    `http = httpx.Client(base_url=${JSON.stringify(origin)})`,
    `image, IMAGE = Path(${JSON.stringify(file)}).read_bytes(), {"Content-Type": ${JSON.stringify(type)}}`,
    `${named.map(([name]) => name).join(", ")} = ${values.join(", ")}`,
    "",
    ...READ,
    ...(maps ? CONVOLUTION : DENSE),
    "",
  ].join("\n");
}

const READ = [
  'weights = http.get(f"/models/{model}/weights/{layer}").json()',
  'kernel = np.float32(weights["kernel"]["values"]).reshape(weights["kernel"]["shape"])',
  'asked = f"/predict?model={model}&fit={fit}&layers={layer},{source}"',
  'layers = {said["name"]: said for said in http.post(asked, content=image, headers=IMAGE).json()["layers"]}',
];

const DENSE = [
  'inputs = np.float32(layers[source]["activation"]["values"])',
  "terms = inputs.astype(np.float64) * kernel[:, unit]",
  'said = layers[layer]["pre_activation"]["values"][unit]',
  'print(said, terms.sum() + np.float32(weights["bias"]["values"][unit]))',
];

const CONVOLUTION = [
  'inputs = np.float32(layers[source]["activation"]["values"]).reshape(layers[source]["shape"])',
  "high, wide = kernel.shape[:2]",
  'around = np.subtract(layers[layer]["shape"][:2], inputs.shape[:2]) + kernel.shape[:2] - 1  # rows, columns of zeros',
  "padded = np.pad(inputs.astype(np.float64), [(n // 2, n - n // 2) for n in (*around, 0)])",
  "terms = padded[row : row + high, column : column + wide] * kernel[..., channel]",
  'said = np.reshape(layers[layer]["pre_activation"]["values"], layers[layer]["shape"])[row, column, channel]',
  'print(said, terms.sum() + np.float32(weights["bias"]["values"][channel]))',
];
