/**
 * The types of the API's answers. Types only, no code.
 *
 * @typedef {"input" | "dense" | "convolution" | "pooling" | "dropout" | "flatten" | "normalization"} LayerKind
 *
 * @typedef {object} LayerCard one layer, as the card of a network describes it
 * @property {string} name the same name in Keras, the API and here
 * @property {LayerKind} kind
 * @property {number[]} shape output shape without the batch: `[units]` or `[rows, columns, channels]`
 * @property {number} parameters
 * @property {string | null} activation
 * @property {{kernel_size?: number[], strides?: number[], padding?: string, pool_size?: number[], rate?: number}} options
 * @property {{pre_activation: number | null, activation: number | null} | null} scale fixed ends over the test set
 *
 * @typedef {object} ModelSummary one entry of `GET /models`
 * @property {string} name
 * @property {Record<string, string>} title by language
 * @property {string} task
 * @property {Record<string, string[]>} classes by language, in output order
 * @property {{shape: number[], preprocessing: string}} input
 * @property {number} parameters
 * @property {number | null} accuracy on the test set; null where the network does not classify
 * @property {number} loss on the test set: cross-entropy in nats, or a pixel's mean squared error
 * @property {string} dataset
 * @property {boolean} gallery whether its test images are on this server
 *
 * @typedef {ModelSummary & {layers: LayerCard[], explainers: string[]} & ExperimentsCard} ModelCard `explainers`: the calls below `/explain` that it has
 *
 * @typedef {{index: number, label: string, answer: string, probability: number}} TestImage classes by their English names
 *
 * @typedef {object} Range
 * @property {number} min
 * @property {number} max
 * @property {number} mean
 * @property {number} [silent] share of values that are exactly zero
 * @property {number[]} [values] flat, row-major; only where asked for
 *
 * @typedef {object} LayerAnswer
 * @property {string} name
 * @property {Range} [pre_activation]
 * @property {Range} activation
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {boolean} applied
 * @property {Record<string, number>} parameters
 * @property {boolean} [skipped] whether it was left out because that was asked for
 * @property {string} [image] what it made, as a data URL; only where asked for
 *
 * @typedef {object} Answer
 * @property {string} model the network that answers
 * @property {string} label
 * @property {number} probability
 * @property {{label: string, probability: number}[]} probabilities in class order
 * @property {number[]} logits
 * @property {Novelty | null} novelty how unlike the training data the image is
 * @property {{width: number, height: number, format: string, steps: Step[]}} input
 * @property {Record<string, number>} timing_ms
 * @property {number[]} [code] of an autoencoder, which has no label, probabilities or novelty: what the image became
 * @property {{shape: number[], values: number[]}} [reconstruction] what it drew from the code
 * @property {number} [error] mean squared error of a pixel
 * @property {LayerAnswer[]} [layers]
 * @property {{layer: string, units: number[]}[]} [off] what was switched off, where anything was
 *
 * @typedef {object} Tensor
 * @property {number[]} shape
 * @property {Float32Array} values flat, row-major
 *
 * @typedef {{answer: Answer, tensors: Map<string, Tensor>}} Frame an answer with every layer: tensors by layer name, the network's
 *   input as "input"
 *
 * @typedef {object} Reading one layer with what is in it now
 * @property {LayerCard} layer
 * @property {Tensor | null} before pre-activation, where the layer has an activation of its own
 * @property {Tensor | null} after the layer's output
 * @property {LayerAnswer | null} exact ranges that the server computed at full precision
 *
 * @typedef {object} GradientsExplained the answer of `POST /explain/gradients`
 * @property {string} label the network's answer
 * @property {"logit" | "probability"} of the score
 * @property {number} scale the largest magnitude of `gradients`
 * @property {{target: string, score: number, input: {shape: number[], values: number[]}}[]} gradients
 * @property {{name: string, pre_activation?: Range, activation?: Range}[]} [layers]
 *
 * @typedef {{unit?: number, row?: number, column?: number, channel?: number}} Address where in a layer a value stands
 * @typedef {{count: number, sum: number}} SumRest all that is not given one by one
 * @typedef {Address & {activation: number, value: number, sources: (Address & {value: number})[]}} UnitContribution
 * @typedef {{layer: string, shape: number[], units: UnitContribution[], rest: SumRest, bias: number, residual: number}} TraceLevel
 * @typedef {{shape: number[], values: number[]}} JsonTensor
 *
 * @typedef {object} TraceExplained the answer of `POST /explain/trace`
 * @property {string} label the network's answer
 * @property {string} target
 * @property {string | null} against
 * @property {number} logit with `against`, how far it stands above that class's
 * @property {TraceLevel[]} levels from the output down to the input
 * @property {{layer: string, value: number}[]} biases
 * @property {{weights: JsonTensor, products: JsonTensor, constant: number, residual: number}} affine
 *
 * @typedef {{layer: string, shape: number[]}} Source whose values are added up
 * @typedef {Address & {input: number, weight: number, value: number}} SumTerm
 *
 * @typedef {object} Window where a convolution or a pooling looks in its source; negative in the padding
 * @property {number} row
 * @property {number} column
 * @property {number} rows
 * @property {number} columns
 * @property {{top: number, bottom: number, left: number, right: number}} padding how much of it lies outside
 *
 * @typedef {object} Softmax
 * @property {number} temperature
 * @property {number} maximum
 * @property {number} total
 * @property {{label: string, logit: number, exponential: number, probability: number}[]} classes
 *
 * @typedef {object} UnitExplained the answer of `POST /explain/unit`
 * @property {string} model
 * @property {string} layer
 * @property {LayerKind} kind
 * @property {Address} address
 * @property {Source} source
 * @property {number} bias
 * @property {SumTerm[]} supporting
 * @property {SumTerm[]} opposing
 * @property {{count: number, sum: number}} rest
 * @property {number} value
 * @property {{function: string, value: number}} [activation]
 * @property {Window} [window]
 * @property {JsonTensor} [candidates]
 * @property {JsonTensor} [weights]
 * @property {JsonTensor} [products]
 * @property {Softmax} [softmax]
 *
 * @typedef {{images: number[][], values: number[][]}} ExcitingImages indices into the test set and values, a list for each unit
 *
 * @typedef {{histogram: {edges: number[], counts: number[]}, quantiles: JsonTensor}} ValueSpread
 *
 * @typedef {object} LayerStatistics the answer of `GET /models/{name}/statistics/{layer}`
 * @property {number} examples
 * @property {number[]} levels of the quantiles
 * @property {ValueSpread} [pre_activation]
 * @property {ValueSpread} activation
 *
 * @typedef {object} GradCamExplained the answer of `POST /explain/gradcam`
 * @property {string} layer
 * @property {{shape: number[], values: number[]}} signed_upsampled in the input's rows and columns, negative where it speaks against
 *
 * @typedef {object} OcclusionExplained the answer of `POST /explain/occlusion`
 * @property {number} window side of the covered square in pixels
 * @property {number} stride
 * @property {{shape: number[], values: number[]}} map how far the score falls, one value a place of the window
 *
 * @typedef {object} ExperimentsCard what a network's card says of what can be tried out on it
 * @property {{name: string, skippable: boolean}[]} steps from a picture to its input, in order
 * @property {{rates: {name: string, dataset: string, usual: boolean, examples: number, flagged: number}[]} | null} novelty
 *   which share of several sets of images its measure of novelty flags; null where it has none
 *
 * @typedef {object} Novelty
 * @property {number} score 0 is usual
 * @property {number} threshold above it an image is called unusual
 * @property {boolean} unusual
 * @property {{name: string, score: number}[]} layers those that count, in order; 1 is further than 99 of 100 training images
 *
 * @typedef {object} VotesExplained the answer of `POST /explain/votes`
 * @property {string} label the whole network's answer
 * @property {number} samples
 * @property {number} seed
 * @property {{layer: string, rate: number}[]} dropout
 * @property {{label: string, probability: number, votes: number, mean: number, deviation: number}[]} classes in class order
 * @property {{shape: number[], values: number[]}} probabilities networks × classes
 *
 * @typedef {{accuracy: number, interval: {low: number, high: number}}} SampleScore
 * @typedef {object} AccuracyMeasured the answer of `GET /models/{name}/accuracy`
 * @property {number} examples how many test images
 * @property {SampleScore} whole
 * @property {SampleScore} without the network without the units that are off
 * @property {number} lost how many images only the whole network reads rightly
 * @property {number} gained how many only the other does
 *
 * @typedef {object} AtlasMap the test images on a map, the answer of `GET /models/{name}/atlas`
 * @property {boolean} is_code whether the coordinates are the codes themselves
 * @property {{shape: number[], values: number[]}} coordinates two an image
 * @property {number[]} labels class indices
 *
 * @typedef {object} Kernel weights of one layer, in Keras's axis order
 * @property {number[]} shape `[rows, columns, inputs, outputs]` or `[inputs, outputs]`
 * @property {Float32Array} values flat, row-major
 */

export {};
