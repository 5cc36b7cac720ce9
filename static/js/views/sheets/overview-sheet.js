/**
 * The whole network at a glance: every layer in numbers, as a table where there is room for one, and else as a list.
 */

import { layerTitle, rangeWords } from "../../lib/network/names.js";
import { shownValues, showsBefore } from "../../lib/network/shown.js";
import { createOverview } from "../layers/overview.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").Reading} Reading
 */

/**
 * @param {import("../../lib/api/types.js").NetworkCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createOverviewSheet(card, t) {
  const layers = card.layers.filter((layer) => layer.kind !== "normalization");
  const table = element("table", { class: "overview" });
  const overview = createOverview(card, t, table);
  const tableHost = element("div", {}, table);
  const glance = element("ol", { class: "glance" });
  const whole = element("div", { class: "layers-sheet" }, tableHost, glance);

  /** @type {{readings: Map<string, Reading> | null, before: string[]} | null} */
  let shown = null;
  let resized = true;
  new ResizeObserver(() => {
    resized = true;
    if (shown) show(shown);
  }).observe(whole);

  /** The table needs its rows, and columns that do not touch: measured when the room changes, not at every frame. */
  function chooseForm() {
    if (!resized) return;
    resized = false;
    tableHost.hidden = false;
    const { width, height } = table.getBoundingClientRect();
    tableHost.hidden = Math.floor(width) > whole.clientWidth || Math.floor(height) > whole.clientHeight;
    glance.hidden = !tableHost.hidden;
  }

  /** @param {NonNullable<typeof shown>} content */
  function show({ readings, before }) {
    chooseForm();
    if (glance.hidden) return overview.update(readings, before);
    glance.replaceChildren(
      ...layers.map((layer) => {
        const values = shownValues(readings?.get(layer.name) ?? null, showsBefore(layer, before));
        return element(
          "li",
          {},
          layerTitle(layer.name, t),
          element("span", {}, values ? rangeWords(values.range, t) : "–"),
        );
      }),
    );
  }

  return {
    element: whole,
    /** @type {(readings: Map<string, Reading> | null, before: string[]) => void} */
    update(readings, before) {
      shown = { readings, before };
      show(shown);
    },
  };
}
