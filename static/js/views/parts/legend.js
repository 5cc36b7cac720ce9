/**
 * The colour scale with its ends, its zero, and a mark at the value that is read.
 */

import { formatValue } from "../../lib/screen/format.js";
import { context2d, element, imageOf, sizeCanvas } from "./dom.js";

const BAR_PX = 10;
const HEIGHT_PX = 18;
const STANDARD_PX = 260;

/** @typedef {{palette: import("./palette.js").Palette, end: number | null, value: number | null}} Content */

/**
 * @param {HTMLElement} host
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createLegend(host, t) {
  const [low, zero, high] = ["low", "zero", "high"].map((name) => element("span", { class: `legend-${name}` }));
  zero.textContent = "0";
  const canvas = element("canvas", { role: "img", "aria-label": t("legend.title") });
  const context = context2d(canvas);
  const bitmap = document.createElement("canvas");
  host.append(low, zero, high, canvas);

  /** @type {Content | null} */
  let shown = null;
  let inlineSize = STANDARD_PX; // known from the observer: to ask for it at every frame would lay the page out each time
  new ResizeObserver(() => {
    inlineSize = canvas.clientWidth || inlineSize;
    if (shown) paint(shown);
  }).observe(canvas);

  /** @param {Content} content */
  function paint({ palette, end, value }) {
    const ratio = devicePixelRatio;
    const width = Math.round(inlineSize * ratio);
    sizeCanvas(canvas, width, Math.round(HEIGHT_PX * ratio));
    sizeCanvas(bitmap, palette.table.length, 1);
    context2d(bitmap).putImageData(imageOf(palette.table.slice(), palette.table.length, 1), 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const top = Math.round(4 * ratio);
    context.drawImage(bitmap, 0, top, width, BAR_PX * ratio);
    const tick = (
      /** @type {number} */ share,
      /** @type {string} */ colour,
      /** @type {number} */ thick,
      /** @type {number} */ over,
    ) => {
      context.fillStyle = colour;
      const x = Math.min(Math.max(share * width - (thick * ratio) / 2, 0), width - thick * ratio);
      context.fillRect(Math.round(x), top - over * ratio, Math.round(thick * ratio), (BAR_PX + 2 * over) * ratio);
    };
    tick(0.5, palette.faint, 1, 2);
    if (value !== null && end) tick((Math.min(Math.max(value / end, -1), 1) + 1) / 2, palette.ink, 3, 4);
  }

  return {
    /** @type {(palette: import("./palette.js").Palette, end: number | null, value: number | null) => void} */
    update(palette, end, value) {
      low.textContent = end === null ? t("legend.less") : formatValue(-end, t.language, 3);
      high.textContent = end === null ? t("legend.more") : `+${formatValue(end, t.language, 3)}`;
      shown = { palette, end, value };
      paint(shown);
    },
  };
}
