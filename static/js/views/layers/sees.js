/**
 * What the network sees: its own input, one square a number, and what was done to make it.
 */

import { inputPixels } from "../../lib/screen/colormaps.js";
import { formatCount, formatShape } from "../../lib/screen/format.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").Tensor} Tensor
 * @typedef {import("../../lib/api/types.js").PreprocessingStep} Step
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 */

const BLACK = 0xff000000; // a pixel

/**
 * @param {number[]} shape of the network's input
 * @param {Texts} t
 * @param {{onSteps: () => void}} events every step is to be shown
 */
export function createSees(shape, t, { onSteps }) {
  const canvas = element("canvas", { role: "img", "aria-label": t("sees.title") });
  const context = context2d(canvas);
  const count = shape.reduce((a, b) => a * b, 1);
  const facts = t("sees.numbers", {
    shape: formatShape(shape, t.language),
    count,
    number: formatCount(count, t.language),
  });
  const head = element(
    "div",
    { class: "sees-head" },
    element("h2", {}, t("sees.title")),
    element("p", { class: "facts" }, facts),
  );
  const words = element("span");
  const more = element("button", { type: "button", class: "link" }, t("sees.steps"));
  more.addEventListener("click", onSteps);
  const steps = element("p", { class: "steps" }, more, " ", words);
  const whole = element("section", { class: "sees", "aria-label": t("sees.title") }, head, canvas, steps);
  const [rows, columns] = shape;

  return {
    element: whole,
    canvas,
    /** @param {number} side in CSS pixels; 0 leaves it to the style sheet */
    setSize(side) {
      canvas.style.inlineSize = side ? `${side}px` : "";
      canvas.style.blockSize = side ? `${(side * rows) / columns}px` : "";
      steps.style.maxInlineSize = side ? `${side + 16}px` : "";
    },
    /** @param {Tensor | null} tensor */
    update(tensor) {
      sizeCanvas(canvas, columns, rows);
      const none = new Uint32Array(rows * columns).fill(shape[2] === 3 ? 0 : BLACK);
      const pixels = tensor ? inputPixels({ shape, values: tensor.values }) : none;
      context.putImageData(imageOf(pixels, columns, rows), 0, 0);
    },
    /** @param {Step[]} done what made it; only what was applied is said */
    explain(done) {
      const applied = done.filter((step) => step.applied && t.has(`step.${step.name}`));
      words.textContent = applied.map((step) => sentence(step, t)).join(" · ");
    },
    destroy() {
      whole.remove();
    },
  };
}

/**
 * @param {Step} step
 * @param {Texts} t
 */
function sentence(step, t) {
  const values = Object.fromEntries(
    Object.entries(step.parameters).map(([name, value]) => [
      name,
      value.toLocaleString(t.language, { maximumFractionDigits: 1, useGrouping: false }),
    ]),
  );
  const { horizontal, vertical } = step.parameters;
  return t(horizontal === vertical ? `step.${step.name}` : "step.scale.squeezed", values);
}
