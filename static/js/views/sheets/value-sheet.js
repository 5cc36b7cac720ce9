/**
 * One value in words and pictures, above the legend of the scale that it is drawn on.
 */

import { element } from "../parts/dom.js";
import { createLegend } from "../parts/legend.js";
import { createUnitCard } from "./unit-card.js";

/**
 * @param {import("../../lib/api/types.js").NetworkCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createValueSheet(card, t) {
  const unitCard = createUnitCard(card, t);
  const legendHost = element("div", { class: "legend" });
  const legend = createLegend(legendHost, t);
  const whole = element("div", { class: "value-sheet" }, ...unitCard.elements, legendHost);

  return {
    element: whole,
    /** @param {import("./unit-card.js").CardContent} content */
    update(content) {
      const { end, value } = unitCard.update(content);
      legend.update(content.palette, end, value);
    },
    clear: unitCard.clear,
  };
}
