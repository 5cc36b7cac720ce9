/**
 * Where a value lies among the test set's: the layer's histogram, the unit's own range below it, and a mark at the value now.
 */

import { judgedBy, quantilesOf, standing, standingWords } from "../../lib/network/usual.js";
import { formatCount, formatValue } from "../../lib/screen/format.js";
import { context2d, element, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").LayerStatistics} LayerStatistics
 * @typedef {import("../parts/palette.js").Palette} Palette
 */

const STRIP_PX = 14;
const [WHISKER, BOX] = [0.15, 0.6]; // of the strip's height
const LEVELS = { low: 0.01, lower: 0.25, median: 0.5, upper: 0.75, high: 0.99 };

/** @param {import("../../lib/screen/i18n.js").Texts} t */
export function createUsualRange(t) {
  const canvas = element("canvas", { role: "img" });
  const context = context2d(canvas);
  const caption = element("h3");
  const [low, high] = [element("span"), element("span")];
  const now = element("p", { class: "usual-now" });
  const key = element("p", { class: "usual-key" }, t("usual.key"));
  const whole = element(
    "div",
    { class: "usual" },
    caption,
    canvas,
    element("p", { class: "usual-ends" }, low, high),
    now,
    key,
  );

  /** @type {(statistics: LayerStatistics, quantiles: number[]) => Record<keyof typeof LEVELS, number>} */
  function rangeOf({ levels }, quantiles) {
    const at = (/** @type {number} */ level) => quantiles[levels.findIndex((each) => Math.abs(each - level) < 1e-6)];
    return {
      low: at(LEVELS.low),
      lower: at(LEVELS.lower),
      median: at(LEVELS.median),
      upper: at(LEVELS.upper),
      high: at(LEVELS.high),
    };
  }

  /** @type {(histogram: {edges: number[], counts: number[]}, xOf: (value: number) => number, height: number, palette: Palette) => void} */
  function drawHistogram({ edges, counts }, xOf, height, palette) {
    const style = getComputedStyle(canvas);
    const most = Math.sqrt(Math.max(1, ...counts)); // roots, or the silent ones hide the rest
    context.globalAlpha = 0.5;
    counts.forEach((count, i) => {
      const [left, right] = [Math.round(xOf(edges[i])), Math.round(xOf(edges[i + 1]))];
      const tall = Math.round((Math.sqrt(count) / most) * height);
      context.fillStyle =
        edges[i] <= 0 && edges[i + 1] > 0 ? palette.faint : style.getPropertyValue(edges[i] < 0 ? "--less" : "--more");
      context.fillRect(left, height - tall, Math.max(1, right - left - 1), tall);
    });
    context.globalAlpha = 1;
  }

  /** @type {(range: ReturnType<typeof rangeOf>, xOf: (value: number) => number, top: number, height: number, palette: Palette) => void} */
  function drawRange(range, xOf, top, height, palette) {
    const bar = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ share) => {
      const [left, tall] = [xOf(from), Math.max(1, Math.round(height * share))];
      context.fillRect(
        Math.round(left),
        Math.round(top + (height - tall) / 2),
        Math.max(1, Math.round(xOf(to) - left)),
        tall,
      );
    };
    context.fillStyle = palette.soft;
    bar(range.low, range.high, WHISKER);
    bar(range.lower, range.upper, BOX);
    context.fillStyle = palette.background;
    context.fillRect(
      Math.round(xOf(range.median)),
      Math.round(top + (height * (1 - BOX)) / 2),
      Math.max(1, Math.round(2 * devicePixelRatio)),
      Math.round(height * BOX),
    );
  }

  return {
    element: whole,
    /** @type {(palette: Palette, statistics: LayerStatistics | null, channel: number, value: number | null) => void} */
    update(palette, statistics, channel, value) {
      whole.toggleAttribute("data-empty", !statistics);
      if (!statistics) return;
      const { histogram } = judgedBy(statistics);
      const quantiles = quantilesOf(statistics, channel);
      const range = rangeOf(statistics, quantiles);
      const ends = [histogram.edges[0], histogram.edges[histogram.edges.length - 1], value ?? 0];
      const [least, most] = [Math.min(...ends), Math.max(...ends)];
      const number = (/** @type {number} */ each) => formatValue(each, t.language, 3);
      caption.textContent = t("usual.title", { number: formatCount(statistics.examples, t.language) });
      [low.textContent, high.textContent] = [number(least), number(most)];
      now.textContent =
        value === null
          ? ""
          : t("usual.now", { standing: standingWords(standing(statistics.levels, quantiles, value), t) });
      canvas.setAttribute(
        "aria-label",
        t("usual.spoken", { low: number(range.low), median: number(range.median), high: number(range.high) }),
      );
      const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) =>
        Math.round(side * devicePixelRatio),
      );
      if (!width || !height) return;
      sizeCanvas(canvas, width, height);
      context.clearRect(0, 0, width, height);
      const line = 2 * devicePixelRatio;
      const xOf = (/** @type {number} */ each) => ((each - least) / (most - least || 1)) * (width - line);
      const strip = STRIP_PX * devicePixelRatio;
      drawHistogram(histogram, xOf, height - strip, palette);
      drawRange(range, xOf, height - strip, strip, palette);
      if (value === null) return;
      context.fillStyle = palette.ink;
      context.fillRect(Math.round(xOf(value)), 0, line, height);
    },
  };
}
