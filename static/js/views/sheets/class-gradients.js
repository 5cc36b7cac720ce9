/**
 * The input gradient of every class as a small picture, all on one scale; a class can be chosen.
 */

import { colourInto } from "../../lib/screen/colormaps.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";
import { createLegend } from "../parts/legend.js";

/**
 * @typedef {object} ClassGradient
 * @property {string} score in words
 * @property {import("../../lib/explain/heat.js").HeatMap} heat
 * @property {string} words the strongest place, for a screen reader
 */

/**
 * @param {object} options
 * @param {string[]} options.labels in class order
 * @param {import("../../lib/screen/i18n.js").Texts} options.t
 * @param {(index: number) => void} options.onChoose
 */
export function createClassGradients({ labels, t, onChoose }) {
  const pictures = labels.map((label, i) => {
    const canvas = element("canvas", { "aria-hidden": "true" });
    const score = element("span");
    const button = element(
      "button",
      { type: "button", class: "class-gradient" },
      element("span", { class: "class-words" }, element("strong", {}, label), score),
      canvas,
    );
    button.addEventListener("click", () => onChoose(i));
    return { label, canvas, context: context2d(canvas), score, button };
  });
  const legendHost = element("div", { class: "legend" });
  const legend = createLegend(legendHost, t);
  const whole = element(
    "div",
    { class: "class-gradients" },
    element(
      "div",
      { class: "class-pictures", role: "group", "aria-label": t("heat.all") },
      ...pictures.map(({ button }) => button),
    ),
    legendHost,
  );

  return {
    element: whole,
    /** @param {ClassGradient[] | null} gradients in class order
     *  @param {number} end where the scale of all of them ends
     *  @param {import("../parts/palette.js").Palette} palette */
    update(gradients, end, palette) {
      pictures.forEach(({ label, canvas, context, score, button }, i) => {
        const gradient = gradients?.[i];
        score.textContent = gradient?.score ?? "";
        button.setAttribute(
          "aria-label",
          gradient ? t("heat.class", { label, score: gradient.score, words: gradient.words }) : label,
        );
        if (!gradient) {
          context.clearRect(0, 0, canvas.width, canvas.height);
          return;
        }
        const { rows, columns, values, places } = gradient.heat;
        sizeCanvas(canvas, columns, rows);
        const pixels = new Uint32Array(rows * columns);
        colourInto(values, places, end, palette.table, pixels);
        context.putImageData(imageOf(pixels, columns, rows), 0, 0);
      });
      legendHost.classList.toggle("heat-empty", !gradients);
      if (gradients) legend.update(palette, end, null);
    },
    /** @type {(chosen: number, stale: boolean) => void} the class that is explained; whether the pictures belong to an earlier input */
    mark(chosen, stale) {
      for (const [i, { button }] of pictures.entries()) button.setAttribute("aria-pressed", String(i === chosen));
      whole.toggleAttribute("data-stale", stale);
    },
  };
}
