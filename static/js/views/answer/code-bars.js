/**
 * The numbers of a code as bars from zero: up and orange is more, down and blue is less.
 */

import { element } from "../parts/dom.js";

/**
 * @param {{numbers: number, label: string}} options
 */
export function createCodeBars({ numbers, label }) {
  const bars = Array.from({ length: numbers }, () => element("span"));
  const whole = element("div", { class: "code-bars", role: "img", "aria-label": label }, ...bars);
  return {
    element: whole,
    /** @type {(code: ArrayLike<number> | null, end: number) => void} */
    update(code, end) {
      bars.forEach((bar, i) => {
        const share = code ? Math.min(Math.max(code[i] / end, -1), 1) : 0;
        bar.style.setProperty("--size", Math.abs(share).toFixed(3));
        bar.toggleAttribute("data-less", share < 0);
      });
    },
  };
}
