/**
 * "Draw one for me": ten digits as they stand in strokes.json, in the hand that is chosen.
 */

import { element } from "../parts/dom.js";

/** @typedef {import("../../lib/pad/examples.js").Example} Example */

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * @param {HTMLElement} host
 * @param {{label: (digit: string) => string, onPick: (example: Example) => void}} options
 */
export function createExamples(host, { label, onPick }) {
  /** @type {Example[]} */
  let examples = [];
  /** @type {Map<string, number>} which of several ways to write a digit comes next */
  const turns = new Map();

  /** @param {string} digit */
  function pick(digit) {
    const ways = examples.filter((example) => example.label === digit);
    if (!ways.length) return;
    const turn = turns.get(digit) ?? 0;
    turns.set(digit, turn + 1);
    onPick(ways[turn % ways.length]);
  }

  /** @param {Example} example */
  function picture(example) {
    const svg = document.createElementNS(NAMESPACE, "svg");
    svg.setAttribute("viewBox", "0.23 0.09 0.54 0.82");
    svg.setAttribute("aria-hidden", "true");
    for (const points of example.strokes) {
      const line = svg.appendChild(document.createElementNS(NAMESPACE, "polyline"));
      line.setAttribute("points", points.map((point) => point.join(",")).join(" "));
    }
    return svg;
  }

  return {
    pick,
    /** @param {Example[]} next those of one hand */
    update(next) {
      examples = next;
      const digits = [...new Set(next.map((example) => example.label))];
      host.replaceChildren(
        ...digits.map((digit) => {
          const first = /** @type {Example} */ (next.find((example) => example.label === digit));
          const button = element(
            "button",
            { type: "button", class: "digit", "aria-label": label(digit) },
            picture(first),
          );
          button.addEventListener("click", () => pick(digit));
          return button;
        }),
      );
    },
  };
}
