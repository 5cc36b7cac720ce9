/**
 * What crosses from the API into the page, as types. The answers are described in `openapi.d.ts`, which is generated
 * from the server's models (`make types`); here are their names, and what the page makes of them.
 *
 * @typedef {import("./openapi.js").AblationAnswer} AblationAnswer
 * @typedef {import("./openapi.js").Address} Address
 * @typedef {import("./openapi.js").AtlasMap} AtlasMap
 * @typedef {import("./openapi.js").ExcitingImages} ExcitingImages
 * @typedef {import("./openapi.js").GalleryEntry} GalleryEntry
 * @typedef {import("./openapi.js").GradCamExplanation} GradCamExplanation
 * @typedef {import("./openapi.js").GradientExplanation} GradientExplanation
 * @typedef {import("./openapi.js").LayerAnswer} LayerAnswer
 * @typedef {import("./openapi.js").LayerDescription} LayerDescription
 * @typedef {import("./openapi.js").LayerStatistics} LayerStatistics
 * @typedef {import("./openapi.js").ModelSummary} ModelSummary
 * @typedef {import("./openapi.js").NoveltyReading} NoveltyReading
 * @typedef {import("./openapi.js").OcclusionExplanation} OcclusionExplanation
 * @typedef {import("./openapi.js").PreprocessingStep} PreprocessingStep
 * @typedef {import("./openapi.js").SampleScore} SampleScore
 * @typedef {import("./openapi.js").Softmax} Softmax
 * @typedef {import("./openapi.js").Source} Source
 * @typedef {import("./openapi.js").Spread} Spread
 * @typedef {import("./openapi.js").SumRest} SumRest
 * @typedef {import("./openapi.js").SumTerm} SumTerm
 * @typedef {import("./openapi.js").TraceExplanation} TraceExplanation
 * @typedef {import("./openapi.js").TraceLevel} TraceLevel
 * @typedef {import("./openapi.js").UnitContribution} UnitContribution
 * @typedef {import("./openapi.js").UnitExplanation} UnitExplanation
 * @typedef {import("./openapi.js").VotesExplanation} VotesExplanation
 * @typedef {import("./openapi.js").WindowPlace} WindowPlace
 * @typedef {import("./openapi.js").Tensor} JsonTensor numbers as JSON carries them
 * @typedef {LayerDescription["kind"]} LayerKind
 * @typedef {import("./openapi.js").PreActivationReading & {silent?: number}} Range `silent`: of an activation
 * @typedef {ModelSummary & import("./openapi.js").Card} NetworkCard all that the page knows of a network
 *
 * @typedef {Omit<import("./openapi.js").Prediction, "task"> & Partial<import("./openapi.js").ReconstructionAnswer>} Answer
 *   the answer of `POST /predict`; an autoencoder's has a code and a reconstruction in place of label, probabilities and
 *   logits
 *
 * @typedef {object} Tensor
 * @property {number[]} shape
 * @property {Float32Array} values flat, row-major
 *
 * @typedef {{answer: Answer, tensors: Map<string, Tensor>}} Frame an answer with every layer: tensors by layer name, the
 *   network's input as "input"
 *
 * @typedef {object} Reading one layer with what is in it now
 * @property {LayerDescription} layer
 * @property {Tensor | null} before pre-activation, where the layer has an activation of its own
 * @property {Tensor | null} after the layer's output
 * @property {LayerAnswer | null} exact ranges that the server computed at full precision
 *
 * @typedef {object} Kernel weights of one layer, in Keras's axis order
 * @property {number[]} shape `[rows, columns, inputs, outputs]` or `[inputs, outputs]`
 * @property {Float32Array} values flat, row-major
 */

export {};
