/**
 * "What if": the network without some of its units, beside the whole one.
 */

import { explain, fetchAccuracy, predictLayer } from "../../../lib/api/api.js";
import { contributions } from "../../../lib/network/order.js";
import {
  NOTHING_OFF,
  offWords,
  randomUnits,
  strongest,
  switchableLayers,
  withAllOn,
  withLayer,
  withToggled,
} from "../../../lib/network/switched.js";
import { createWhatIfSheet } from "../../../views/sheets/whatif-sheet.js";
import { troubleWords } from "../../shared/notice.js";
import { createWholeNetwork } from "../asking/whole-network.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/api/types.js").Answer} Answer
 * @typedef {import("../../../lib/api/types.js").AblationAnswer} AccuracyMeasured
 * @typedef {import("../../../lib/api/types.js").GradientExplanation} GradientsExplained
 */

/** @type {import("../types.js").SheetKind} */
export const whatif = {
  name: "whatif",
  about: "image",
  fits: (card) => card.explainers.includes("gradients") && switchableLayers(card.layers).length > 0,
  create,
};

/** @param {Tools} tools */
function create(tools) {
  const { card, t, redraw, onSwitch } = tools;
  const layers = switchableLayers(card.layers);
  const before = createWholeNetwork({ t, redraw });
  let layer = layers[layers.length - 1];
  /** @type {Lab | null} */
  let shown = null;
  let trouble = "";
  /** @type {AbortController | null} */
  let choosing = null;

  const off = () => shown?.off ?? NOTHING_OFF;

  /** @type {(attempt: () => Promise<void>) => Promise<void>} what goes wrong is said on the sheet */
  async function attempting(attempt) {
    trouble = "";
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof DOMException)) trouble = troubleWords(error, t);
    }
    redraw();
  }

  const accuracy = createAccuracy(card.name, attempting, redraw);

  /** @type {(choice: import("../../../views/sheets/whatif-sheet.js").Choice, count: number) => Promise<void>} */
  async function choose(choice, count) {
    choosing = new AbortController();
    const units =
      choice === "random"
        ? randomUnits(layer.shape.at(-1) ?? 0, count)
        : await fetchStrongest(shown, layer, count, choosing.signal);
    if (units.length) onSwitch(withLayer(off(), layer.name, units));
  }

  const sheet = createWhatIfSheet(card, layers, t, {
    onSwitch: (name, unit) => onSwitch(withToggled(off(), name, unit)),
    onAll: () => onSwitch(NOTHING_OFF),
    onLayer(name) {
      layer = layers.find((each) => each.name === name) ?? layer;
      redraw();
    },
    onChoose(choice, count) {
      choosing?.abort();
      attempting(() => choose(choice, count));
    },
    onMeasure: () => accuracy.measure(offWords(off())),
  });

  return {
    element: sheet.element,
    update(/** @type {Lab} */ lab) {
      shown = lab;
      const whole = before.of(lab);
      const target = lab.target ?? whole.answer?.label ?? "";
      sheet.update({
        off: lab.off,
        layer: layer.name,
        label: card.classes[t.language]?.[card.classes.en.indexOf(target)] ?? target,
        before: whole.fresh ? sharesOf(whole.answer) : null,
        now: sharesOf(lab.frame?.answer ?? null),
        pending: (lab.question?.experiment?.off ?? "") !== offWords(lab.off),
        trouble: trouble || whole.trouble,
        accuracy: accuracy.of(offWords(lab.off)),
        measuring: accuracy.isMeasuring,
      });
    },
    leave: () => choosing?.abort(),
  };
}

/** @type {(answer: Answer | null) => number[] | null} probabilities in class order */
const sharesOf = (answer) => answer?.probabilities.map((each) => each.probability) ?? null;

/**
 * The accuracy of a network with units off, measured once for each choice of them.
 * @param {string} model
 * @param {(attempt: () => Promise<void>) => Promise<void>} attempting
 * @param {() => void} redraw
 */
function createAccuracy(model, attempting, redraw) {
  /** @type {Map<string, AccuracyMeasured>} by the units that were off */
  const measured = new Map();
  let measuring = "";
  return {
    get isMeasuring() {
      return measuring !== "";
    },
    /** @param {string} off */
    of: (off) => measured.get(off) ?? null,
    /** @param {string} off */
    measure(off) {
      if (!off || measuring) return;
      measuring = off;
      redraw();
      attempting(async () => {
        measured.set(off, await fetchAccuracy(model, off, new AbortController().signal));
      }).finally(() => {
        measuring = "";
        redraw();
      });
    },
  };
}

/** @type {(lab: Lab | null, layer: import("../../../lib/api/types.js").LayerDescription, count: number, signal: AbortSignal) => Promise<number[]>} units of the whole network that speak most for the class */
async function fetchStrongest(lab, { name, shape }, count, signal) {
  if (!lab?.question) return [];
  const whole = withAllOn(lab.question);
  /** @type {Record<string, string>} */
  const target = lab.target ? { target: lab.target } : {};
  const [answer, explained] = await Promise.all([
    predictLayer(whole, name, signal),
    /** @type {Promise<GradientsExplained>} */ (explain("gradients", whole, { layers: name, ...target }, signal)),
  ]);
  const gradient = explained.layers?.find((each) => each.name === name)?.activation?.values;
  const values = answer?.activation.values;
  if (!gradient || !values) return [];
  return strongest(contributions({ shape, values: Float32Array.from(values) }, gradient), count);
}
