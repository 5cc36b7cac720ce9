/**
 * The largest terms of a sum, for and against, as bars of one scale.
 */

import { addressWords } from "../../lib/explain/addresses.js";
import { formatDecimals } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").UnitExplanation} UnitExplained
 * @typedef {import("../../lib/api/types.js").Address} Address
 */

/**
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {object} events
 * @param {(address: Address | null) => void} events.onTerm the pointer or the focus came to a term, or left it
 * @param {(address: Address) => void} events.onPin
 */
export function createTermBars(t, { onTerm, onPin }) {
  const [supporting, opposing] = ["supporting", "opposing"].map((side) => {
    const list = element("ol", { class: `terms-${side}` });
    return { list, whole: element("div", {}, element("h3", {}, t(`apart.${side}`)), list) };
  });
  const whole = element("div", { class: "terms" }, supporting.whole, opposing.whole);
  /** @type {{address: Address, row: HTMLElement}[]} */
  let rows = [];

  /** @type {(address: Address, words: string[], share: number, leads: boolean) => HTMLElement} */
  function rowOf(address, [name, value, title], share, leads) {
    const bar = element("span", { class: "term-bar" });
    bar.style.setProperty("--share", String(share));
    const row = element(
      leads ? "button" : "span",
      { class: "term", title, ...(leads ? { type: "button" } : {}) },
      element("span", { class: "term-name" }, name),
      bar,
      element("span", { class: "term-value" }, value),
    );
    for (const event of ["pointerenter", "focus"]) row.addEventListener(event, () => onTerm(address));
    for (const event of ["pointerleave", "blur"]) row.addEventListener(event, () => onTerm(null));
    if (leads) row.addEventListener("click", () => onPin(address));
    return row;
  }

  return {
    element: whole,
    /**
     * @param {UnitExplained} explained
     * @param {import("../../lib/explain/sum.js").PrintedSum} sum
     * @param {boolean} leads whether what a term comes from can be pinned
     */
    update(explained, sum, leads) {
      const all = [...sum.supporting, ...sum.opposing].map(Math.abs);
      const most = Math.max(...all, 10 ** -sum.decimals);
      rows = [];
      for (const { side, list } of [
        { side: /** @type {const} */ ("supporting"), ...supporting },
        { side: /** @type {const} */ ("opposing"), ...opposing },
      ]) {
        const built = sum[side].map((printed, i) => {
          const term = explained[side][i];
          const { unit, row, column, channel } = term;
          const address = { unit, row, column, channel };
          const number = (/** @type {number} */ value) => formatDecimals(value, t.language, sum.decimals);
          const product = t("apart.product", { input: number(term.input), weight: number(term.weight) });
          const line = rowOf(
            address,
            [
              addressWords(address, explained.source, t),
              formatDecimals(printed, t.language, sum.decimals, true),
              product,
            ],
            Math.abs(printed) / most,
            leads,
          );
          rows.push({ address, row: line });
          return element("li", {}, line);
        });
        list.replaceChildren(...(built.length ? built : [element("li", { class: "none" }, t("apart.none"))]));
      }
    },
    /** @param {Address | null} address of the term to be marked */
    mark(address) {
      const same = (/** @type {Address} */ each) =>
        address &&
        each.unit === address.unit &&
        each.row === address.row &&
        each.column === address.column &&
        each.channel === address.channel;
      for (const { address: each, row } of rows) row.toggleAttribute("data-marked", Boolean(same(each)));
    },
  };
}
