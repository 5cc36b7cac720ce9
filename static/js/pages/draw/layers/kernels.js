/**
 * Kernels that are shown instead of maps: which of each layer, fetched once each, and for as long as they are asked for.
 */

import { fetchKernel } from "../../../lib/api/api.js";
import { mayPass, persist } from "../../../lib/api/retry.js";
import { asPictures } from "../../../lib/network/templates.js";
import { troubleWords } from "../../shared/notice.js";
import { toggled } from "../state.js";

/** @typedef {import("../../../lib/api/types.js").Kernel} Kernel */

/**
 * @param {object} page
 * @param {import("../state.js").State} page.state
 * @param {import("../../../lib/screen/i18n.js").Texts} page.t
 * @param {() => number[]} page.imageShape what the network that is chosen reads
 * @param {ReturnType<typeof import("../../shared/notice.js").createNotice>} page.notice
 * @param {(kernels: string[]) => void} page.onChange other layers show their kernels now
 * @param {() => void} page.onKernel
 */
export function createKernels({ state, t, notice, imageShape, onChange, onKernel }) {
  /** @type {Map<string, Kernel>} by model and layer */
  const kernels = new Map();
  /** @type {Set<string>} */
  const coming = new Set();
  /** @type {Map<string, number>} the map whose kernel is shown, by layer */
  const outputs = new Map();

  /** @param {string} layer */
  const outputOf = (layer) => outputs.get(layer) ?? 0;

  /** @type {(layer: string, error: unknown) => void} */
  function explain(layer, error) {
    const words = troubleWords(error, t);
    notice.say(about(layer), mayPass(error) ? words : "");
    if (mayPass(error)) return;
    onChange(state.kernels.filter((each) => each !== layer));
    notice.say("refused", words);
  }

  const about = (/** @type {string} */ layer) => `kernel ${layer}`;

  /** @param {string} layer of the network that is chosen */
  async function load(layer) {
    const { model } = state;
    const key = `${model}/${layer}`;
    if (!state.kernels.includes(layer) || kernels.has(key) || coming.has(key)) return;
    coming.add(key);
    const kernel = await persist(() => fetchKernel(model, layer), {
      wanted: () => state.model === model && state.kernels.includes(layer),
      onTrouble: (error) => explain(layer, error),
    });
    coming.delete(key);
    if (!kernel) return;
    kernels.set(key, asPictures(kernel, imageShape()));
    notice.say(about(layer), "");
    onKernel();
  }

  return {
    load,
    /** @type {(layer: string) => Kernel | null} */
    shown: (layer) => (state.kernels.includes(layer) ? (kernels.get(`${state.model}/${layer}`) ?? null) : null),
    /** @type {(layer: string) => number} the map whose kernel is shown where there is room for one alone */
    outputOf,
    /** @type {(layer: import("../../../lib/api/types.js").LayerDescription, step: number) => void} to another map's kernel, around at either end */
    turn({ name, shape }, step) {
      const count = shape.at(-1) ?? 1;
      outputs.set(name, (outputOf(name) + step + count) % count);
    },
    /** @param {string} layer */
    toggle(layer) {
      onChange(toggled(state.kernels, layer));
      for (const each of [about(layer), "refused"]) notice.say(each, "");
      load(layer);
    },
  };
}
