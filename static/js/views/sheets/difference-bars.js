/**
 * The probability of every class before and now: what is common in grey, what was gained or lost in colour, and by how much.
 */

import { formatPercent, formatPoints } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

const LEAST = 0.0005; // a change that rounds to nothing is not coloured

/**
 * @param {string[]} labels of the classes
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createDifferenceBars(labels, t) {
  const { language } = t;
  const rows = labels.map((label) => {
    const bar = element("div", { class: "difference-bar", "aria-hidden": "true" });
    const [before, after, change] = ["number", "number", "number difference-change"].map((name) =>
      element("td", { class: name }),
    );
    const name = element("th", { scope: "row" }, label);
    return {
      row: element("tr", {}, name, element("td", { class: "difference-track" }, bar), before, after, change),
      bar,
      before,
      after,
      change,
    };
  });
  const names = [t("difference.before"), t("difference.now"), t("difference.change")];
  const heads = names.map((name) => element("th", { scope: "col", class: "number" }, name));
  const whole = element(
    "table",
    { class: "difference", "aria-label": t("difference.title") },
    element("thead", {}, element("tr", {}, element("td"), element("td"), ...heads)),
    element("tbody", {}, ...rows.map(({ row }) => row)),
  );

  return {
    element: whole,
    /** @type {(before: number[] | null, after: number[] | null) => void} probabilities in class order */
    update(before, after) {
      const first = after ? after.indexOf(Math.max(...after)) : -1;
      const led = before ? before.indexOf(Math.max(...before)) : -1;
      rows.forEach((each, i) => {
        const [was, is] = [before?.[i], after?.[i]];
        const change = was !== undefined && is !== undefined ? is - was : 0;
        const share = (/** @type {number | undefined} */ number) =>
          number === undefined ? "–" : formatPercent(number, language, 2);
        each.bar.style.setProperty("--common", Math.min(was ?? is ?? 0, is ?? 0).toFixed(4));
        each.bar.style.setProperty("--moved", Math.abs(change).toFixed(4));
        each.bar.dataset.change = Math.abs(change) < LEAST ? "" : change > 0 ? "more" : "less";
        each.before.textContent = share(was);
        each.after.textContent = share(is);
        each.change.textContent =
          was === undefined ? "" : t("difference.points", { points: formatPoints(change, language) });
        each.change.dataset.change = each.bar.dataset.change;
        each.row.toggleAttribute("data-first", i === first);
        each.before.toggleAttribute("data-first", i === led);
      });
    },
  };
}
