/**
 * The words around a layer's picture: its size and parameters, the range of its values, what its switches are called now.
 */

import { formatCount, formatPercent, formatShape } from "../screen/format.js";
import { hasSlices, isTemplate } from "./kernels.js";
import { layerKind, layerParameters, layerShape, rangeWords, shortParameters } from "./names.js";

/**
 * @typedef {import("../api/types.js").LayerDescription} LayerCard
 * @typedef {import("../api/types.js").Kernel} Kernel
 * @typedef {import("../screen/i18n.js").Texts} Texts
 * @typedef {{isNarrow: boolean, width: number}} Room `isNarrow`: for the shortest words only; `width` in CSS pixels
 *
 * @typedef {object} PanelValues
 * @property {{tensor: import("../api/types.js").Tensor, range: import("../api/types.js").Range} | null} shown the values on show
 * @property {boolean} before whether they are those before the activation
 * @property {Kernel | null} kernel shown instead of values where there is one
 * @property {number} output the map whose kernel is shown as slices
 *
 * @typedef {object} PanelWords
 * @property {string} range
 * @property {string | null} facts of a kernel; null where the layer's own are shown
 * @property {string} about the layer in full
 * @property {string} silence the share of units that a ReLU silences
 * @property {{words: string, isNamed: boolean} | null} activation `isNamed`: its input has a name of its own, such as "logits"
 */

const ROOMY_PX = 240; // maps: three digits of a range, and whole words

/** @type {(layer: LayerCard) => boolean} */
const isMaps = ({ shape }) => shape.length === 3;

/**
 * @param {LayerCard} layer
 * @param {Room} room
 * @param {Texts} t
 * @returns {string[]} size and parameters, the longest words first
 */
export function factChoices(layer, { isNarrow, width }, t) {
  const units = formatCount(layer.shape[0], t.language);
  if (isNarrow) return [units];
  const shape = layerShape(layer, t);
  const whole = `${shape} · ${layerParameters(layer, t)}`;
  if (!isMaps(layer)) return [whole, shape, units];
  const bare = layer.parameters ? [`${shape} · ${formatCount(layer.parameters, t.language)}`] : [];
  return [...(width < ROOMY_PX ? [] : [whole]), `${shape} · ${shortParameters(layer, t)}`, ...bare, shape];
}

/**
 * @param {LayerCard} layer
 * @param {PanelValues} values
 * @param {Room} room
 * @param {Texts} t
 * @returns {PanelWords}
 */
export function panelWords(layer, { shown, before, kernel, output }, { isNarrow, width }, t) {
  const digits = isMaps(layer) && width < ROOMY_PX ? 2 : 3;
  const hasSilence = shown && !kernel && !isNarrow && layer.activation === "relu" && !before;
  const silent = hasSilence ? shown.range.silent : undefined;
  return {
    range: kernel ? "" : rangeWords(shown?.range ?? null, t, digits),
    facts: kernel && kernelFacts(kernel, output, t),
    about: `${layerKind(layer, t)} · ${formatShape(layer.shape, t.language)} · ${layerParameters(layer, t)}`,
    silence:
      silent === undefined ? "" : `\u00a0· ${t("range.silent", { share: formatPercent(silent, t.language, 0) })}`,
    activation: activationWords(layer, before, t),
  };
}

/** @type {(kernel: Kernel, output: number, t: Texts) => string} */
function kernelFacts(kernel, output, t) {
  if (hasSlices(kernel)) return t("panel.slices", { map: output });
  const template = isTemplate(kernel);
  return t(template ? "panel.weights" : "panel.colour-kernels");
}

/** @type {(layer: LayerCard, before: boolean, t: Texts) => PanelWords["activation"]} */
function activationWords({ activation }, before, t) {
  if (!activation) return null;
  const input = `activation.${activation}.input`;
  const isNamed = t.has(input);
  return { words: t(before && isNamed ? input : `activation.${activation}`), isNamed };
}
