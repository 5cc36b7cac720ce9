/**
 * A value with only one term (pooling, dropout, flatten or normalisation), described in one sentence.
 */

import { addressWords } from "../../lib/explain/addresses.js";
import { layerTitle } from "../../lib/network/names.js";
import { formatCount, formatValue } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {(address: import("../../lib/api/types.js").Address) => void} onPin
 */
export function createPlainSum(t, onPin) {
  const [value, sentence] = [element("p", { class: "words-value" }), element("p", { class: "plain-words" })];
  const lead = element("button", { type: "button", class: "text-button" });
  /** @type {import("../../lib/api/types.js").SumTerm | null} */
  let term = null;
  lead.addEventListener("click", () => term && onPin(term));
  const whole = element("div", { class: "plain-sum" }, value, sentence, lead);

  return {
    element: whole,
    /**
     * @param {import("../../lib/api/types.js").UnitExplanation} explained
     * @param {boolean} leads whether the value that it comes from can be pinned
     */
    update({ kind, source, supporting, opposing, candidates, value: number }, leads) {
      term = supporting[0] ?? opposing[0] ?? null;
      const [title, address] = [layerTitle(source.layer, t), term ? addressWords(term, source, t) : ""];
      const count = candidates?.values.length ?? 1;
      value.textContent = formatValue(number, t.language);
      sentence.textContent = t(`apart.plain.${kind}`, {
        source: title,
        address,
        count: formatCount(count, t.language),
      });
      lead.hidden = !leads;
      lead.textContent = t("apart.lead", { source: title, address });
    },
  };
}
