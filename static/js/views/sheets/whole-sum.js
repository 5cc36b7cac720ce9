/**
 * A sum as a column that adds up: positive terms, negative terms, all others, the bias, the sum, and the value after the activation.
 */

import { formatCount, formatDecimals, formatPercent } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").UnitExplanation} UnitExplained
 * @typedef {import("../../lib/explain/sum.js").PrintedSum} PrintedSum
 */

/** @param {import("../../lib/screen/i18n.js").Texts} t */
export function createWholeSum(t) {
  const body = element("tbody");
  const table = element("table", { class: "whole-sum" }, element("caption", {}, t("apart.sum")), body);
  const { language } = t;

  /** @type {(words: string, value: string, total?: boolean) => HTMLElement} */
  const line = (words, value, total = false) =>
    element("tr", total ? { class: "total" } : {}, element("th", { scope: "row" }, words), element("td", {}, value));

  /** @type {(key: string, count: number) => string} */
  const counted = (key, count) => t(key, { count, number: formatCount(count, language) });

  /** @type {(activation: NonNullable<UnitExplained["activation"]>, decimals: number) => string} */
  function activated({ function: name, value }, decimals) {
    return name === "softmax" ? formatPercent(value, language) : formatDecimals(value, language, decimals);
  }

  return {
    element: table,
    /** @param {UnitExplained} explained @param {PrintedSum} sum */
    update({ activation, source, kind }, sum) {
      const signed = (/** @type {number} */ value) => formatDecimals(value, language, sum.decimals, true);
      const inputs = source.layer === "input" ? "pixels" : "values";
      const computes = kind === "dense" || kind === "convolution";
      const lines = [line(counted("apart.sum.for", sum.supporting.length), signed(sum.supportingSum))];
      if (computes || sum.opposing.length)
        lines.push(line(counted("apart.sum.against", sum.opposing.length), signed(sum.opposingSum)));
      if (sum.rest.count) lines.push(line(counted(`apart.sum.${inputs}`, sum.rest.count), signed(sum.rest.sum)));
      const bias = computes ? "apart.sum.bias" : "apart.sum.shift";
      lines.push(line(t(bias), signed(sum.bias)));
      const result =
        activation?.function === "softmax" ? "apart.sum.logit" : activation ? "apart.sum.before" : "apart.sum.value";
      lines.push(line(t(result), signed(sum.value), true));
      if (activation)
        lines.push(
          line(
            t("apart.sum.after", { activation: t(`activation.${activation.function}`) }),
            activated(activation, sum.decimals),
            true,
          ),
        );
      body.replaceChildren(...lines);
    },
  };
}
