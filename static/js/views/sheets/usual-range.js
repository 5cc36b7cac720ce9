/**
 * Where a value lies among the test set's: the layer's histogram, the unit's own range below it, and a mark at the value now.
 */

import { judgedBy, quantilesOf, standing, standingWords, usualRange } from "../../lib/network/usual.js";
import { formatCount, formatValue } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";
import { paintUsual } from "./usual-painter.js";

/**
 * @typedef {import("../../lib/api/types.js").LayerStatistics} LayerStatistics
 * @typedef {import("../parts/palette.js").Palette} Palette
 */

/** @param {import("../../lib/screen/i18n.js").Texts} t */
export function createUsualRange(t) {
  const canvas = element("canvas", { role: "img" });
  const caption = element("h3");
  const [low, high] = [element("span"), element("span")];
  const now = element("p", { class: "usual-now" });
  const key = element("p", { class: "usual-key" }, t("usual.key"));
  const ends = element("p", { class: "usual-ends" }, low, high);
  const whole = element("div", { class: "usual" }, caption, canvas, ends, now, key);
  const number = (/** @type {number} */ each) => formatValue(each, t.language, 3);

  return {
    element: whole,
    /** @type {(palette: Palette, statistics: LayerStatistics | null, channel: number, value: number | null) => void} */
    update(palette, statistics, channel, value) {
      whole.toggleAttribute("data-empty", !statistics);
      if (!statistics) return;
      const { histogram } = judgedBy(statistics);
      const quantiles = quantilesOf(statistics, channel);
      const range = usualRange(statistics, channel);
      const { edges } = histogram;
      const all = [edges[0], edges[edges.length - 1], value ?? 0];
      const [least, most] = [Math.min(...all), Math.max(...all)];
      caption.textContent = t("usual.title", { number: formatCount(statistics.examples, t.language) });
      [low.textContent, high.textContent] = [number(least), number(most)];
      const place = value === null ? null : standing(statistics.levels, quantiles, value);
      now.textContent = place ? t("usual.now", { standing: standingWords(place, t) }) : "";
      const spoken = { low: number(range.low), median: number(range.median), high: number(range.high) };
      canvas.setAttribute("aria-label", t("usual.spoken", spoken));
      paintUsual(canvas, { histogram, range, least, most, value }, palette);
    },
  };
}
