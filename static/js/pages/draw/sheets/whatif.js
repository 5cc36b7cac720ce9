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
 * @typedef {import("../../../lib/api/types.js").AccuracyMeasured} AccuracyMeasured
 * @typedef {import("../../../lib/api/types.js").GradientsExplained} GradientsExplained
 */

/** @type {import("../types.js").SheetKind} */
export const whatif = {
  name: "whatif",
  about: "image",
  fits: (card) => card.explainers.includes("gradients") && switchableLayers(card.layers).length > 0,
  create({ card, t, redraw, onSwitch }) {
    const layers = switchableLayers(card.layers);
    const before = createWholeNetwork({ t, redraw });
    let layer = layers[layers.length - 1];
    /** @type {Lab | null} */
    let shown = null;
    let trouble = "";
    /** @type {AbortController | null} */
    let choosing = null;
    /** @type {Map<string, AccuracyMeasured>} by what was off */
    const measured = new Map();
    let measuring = "";

    const labelOf = (/** @type {string} */ name) => card.classes[t.language]?.[card.classes.en.indexOf(name)] ?? name;
    const off = () => shown?.off ?? NOTHING_OFF;

    /** @type {(attempt: () => Promise<void>) => Promise<void>} with what goes wrong told on the sheet */
    async function tell(attempt) {
      trouble = "";
      try {
        await attempt();
      } catch (error) {
        if (!(error instanceof DOMException)) trouble = troubleWords(error, t);
      }
      redraw();
    }

    /** @type {(count: number) => Promise<number[]>} units of the whole network that speak most for the class */
    async function askStrongest(count) {
      const question = shown?.question;
      if (!question) return [];
      choosing = new AbortController();
      const { signal } = choosing;
      const whole = withAllOn(question);
      /** @type {Record<string, string>} */
      const target = shown?.target ? { target: shown.target } : {};
      const [answer, explained] = await Promise.all([
        predictLayer(whole, layer.name, signal),
        /** @type {Promise<GradientsExplained>} */ (
          explain("gradients", whole, { layers: layer.name, ...target }, signal)
        ),
      ]);
      const gradient = explained.layers?.find(({ name }) => name === layer.name)?.activation?.values;
      const values = answer?.activation.values;
      return gradient && values
        ? strongest(contributions({ shape: layer.shape, values: Float32Array.from(values) }, gradient), count)
        : [];
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
        tell(async () => {
          const units = choice === "random" ? randomUnits(layer.shape.at(-1) ?? 0, count) : await askStrongest(count);
          if (units.length) onSwitch(withLayer(off(), layer.name, units));
        });
      },
      onMeasure() {
        const key = offWords(off());
        if (!key || measuring) return;
        measuring = key;
        redraw();
        tell(async () => {
          measured.set(key, await fetchAccuracy(card.name, key, new AbortController().signal));
        }).finally(() => {
          measuring = "";
          redraw();
        });
      },
    });
    return {
      element: sheet.element,
      update(lab) {
        shown = lab;
        const whole = before.of(lab);
        const shares = (/** @type {import("../../../lib/api/types.js").Answer | undefined} */ answer) =>
          answer?.probabilities.map((each) => each.probability) ?? null;
        sheet.update({
          off: lab.off,
          layer: layer.name,
          label: labelOf(lab.target ?? whole.answer?.label ?? ""),
          before: whole.fresh ? shares(whole.answer ?? undefined) : null,
          now: shares(lab.frame?.answer),
          pending: (lab.question?.experiment?.off ?? "") !== offWords(lab.off),
          trouble: trouble || whole.trouble,
          accuracy: measured.get(offWords(lab.off)) ?? null,
          measuring: measuring !== "",
        });
      },
      leave: () => choosing?.abort(),
    };
  },
};
