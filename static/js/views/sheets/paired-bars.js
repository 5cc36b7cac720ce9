/**
 * Every class with two probabilities: A as a bar above, B as a bar below, and how far B stands from A.
 */

import { formatPercent, formatPoints } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @param {{labels: string[], language: string, unit: string}} options `unit`: what a difference of percentages is counted in
 */
export function createPairedBars({ labels, language, unit }) {
  const rows = labels.map((label) => {
    const [a, b] = ["a", "b"].map((name) => element("div", { class: `pair-bar pair-${name}` }));
    const [numberA, numberB, change] = ["number", "number", "change"].map((name) => element("td", { class: name }));
    const row = element(
      "tr",
      {},
      element("th", { scope: "row" }, label),
      numberA,
      element("td", { class: "pair-track" }, element("div", { "aria-hidden": "true" }, a, b)),
      numberB,
      change,
    );
    return { row, a, b, numberA, numberB, change };
  });
  const names = ["", "A", "", "B", `B − A, ${unit}`];
  const head = element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name)));
  const table = element(
    "table",
    { class: "pairs" },
    element("thead", {}, head),
    element("tbody", {}, ...rows.map(({ row }) => row)),
  );

  return {
    element: table,
    /** @type {(a: number[] | null, b: number[] | null) => void} probabilities in class order */
    update(a, b) {
      const [firstA, firstB] = [a, b].map((shares) => (shares ? shares.indexOf(Math.max(...shares)) : -1));
      rows.forEach((row, i) => {
        const put = (
          /** @type {HTMLElement} */ bar,
          /** @type {HTMLElement} */ number,
          /** @type {number[] | null} */ shares,
          /** @type {boolean} */ first,
        ) => {
          bar.style.setProperty("--share", (shares?.[i] ?? 0).toFixed(4));
          bar.toggleAttribute("data-first", first);
          number.toggleAttribute("data-first", first);
          number.textContent = shares ? formatPercent(shares[i], language, 1) : "–";
        };
        put(row.a, row.numberA, a, i === firstA);
        put(row.b, row.numberB, b, i === firstB);
        row.change.textContent = a && b ? formatPoints(b[i] - a[i], language) : "";
      });
    },
  };
}
