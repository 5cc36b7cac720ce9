/**
 * What a pooling chooses from: the values in its window, the winner marked.
 */

import { formatValue } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/** @param {import("../../lib/screen/i18n.js").Texts} t */
export function createCandidates(t) {
  const body = element("tbody");
  const whole = element("table", { class: "candidates" }, element("caption", {}, t("apart.candidates")), body);
  return {
    element: whole,
    /** @type {(values: import("../../lib/api/types.js").JsonTensor, winner: {row: number, column: number}) => void} `winner`: in the window */
    update({ shape: [rows, columns], values }, winner) {
      const cell = (/** @type {number} */ row, /** @type {number} */ column) => {
        const words = formatValue(values[row * columns + column], t.language);
        const wins = row === winner.row && column === winner.column;
        return wins
          ? element("td", { class: "winner" }, element("strong", {}, words), element("span", {}, t("apart.winner")))
          : element("td", {}, words);
      };
      body.replaceChildren(
        ...Array.from({ length: rows }, (_, row) =>
          element("tr", {}, ...Array.from({ length: columns }, (_, column) => cell(row, column))),
        ),
      );
    },
  };
}
