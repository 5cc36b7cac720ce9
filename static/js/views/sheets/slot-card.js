/**
 * One slot at a glance: its letter, what it is, what the network sees there, and its answer.
 */

import { inputPixels } from "../../lib/screen/colormaps.js";
import { formatPercent } from "../../lib/screen/format.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";

/**
 * @param {"A" | "B"} letter
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createSlotCard(letter, t) {
  const canvas = element("canvas", { role: "img", "aria-label": `${letter}: ${t("sees.title")}` });
  const [name, label, probability] = [element("span"), element("strong"), element("span", { class: "number" })];
  const title = element("p", { class: "slot-title" }, element("b", {}, letter), " ", name);
  const answer = element("p", { class: "slot-answer" }, label, " ", probability);
  const whole = element("div", { class: "slot" }, canvas, element("div", {}, title, answer));

  return {
    element: whole,
    /** @type {(slot: {title: string, labels: string[], input: number[], frame: import("../../lib/api/types.js").Frame | null}) => void} */
    update({ title: words, labels, input: shape, frame }) {
      const [rows, columns] = shape;
      const tensor = frame?.tensors.get("input");
      const shares = frame?.answer.probabilities.map((each) => each.probability) ?? [];
      const first = shares.indexOf(Math.max(...shares));
      name.textContent = words;
      name.title = words;
      label.textContent = labels[first] ?? "–";
      probability.textContent = shares.length ? formatPercent(shares[first], t.language, 1) : "";
      sizeCanvas(canvas, columns, rows);
      const none = new Uint32Array(rows * columns);
      context2d(canvas).putImageData(
        imageOf(tensor ? inputPixels({ shape, values: tensor.values }) : none, columns, rows),
        0,
        0,
      );
    },
  };
}
