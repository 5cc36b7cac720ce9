/**
 * Which units and maps are off, layer by layer, each with a switch.
 */

import { layerTitle } from "../../lib/network/names.js";
import { element } from "../parts/dom.js";

/**
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {{onSwitch: (layer: string, unit: number) => void, onAll: () => void}} events a unit, or everything, is to be on again
 */
export function createOffList(t, { onSwitch, onAll }) {
  const all = element("button", { type: "button", class: "link" }, t("whatif.all-on"));
  all.addEventListener("click", onAll);
  const count = element("h3", { tabindex: "-1" });
  const empty = element("p", {}, t("whatif.how"));
  const groups = element("div", { class: "off-groups" });
  /** @type {import("../../lib/network/switched.js").Off | null} */
  let shown = null;

  groups.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button) return;
    count.focus({ preventScroll: true }); // what had the focus is about to go
    onSwitch(button.dataset.layer ?? "", Number(button.dataset.unit));
  });

  /** @type {(layer: string, units: readonly number[]) => HTMLElement} */
  function group(layer, units) {
    const title = layerTitle(layer, t);
    const switches = units.map((unit) =>
      element(
        "li",
        {},
        element(
          "button",
          {
            type: "button",
            role: "switch",
            class: "off-unit",
            "aria-checked": "false",
            "data-layer": layer,
            "data-unit": String(unit),
            "aria-label": `${title}, ${unit}`,
            title: t("off.on"),
          },
          String(unit),
        ),
      ),
    );
    return element("div", { class: "off-group" }, element("h4", {}, title), element("ol", {}, ...switches));
  }

  return {
    element: element("div", { class: "off-list" }, element("div", { class: "sheet-line" }, count, all), empty, groups),
    /** @type {(off: import("../../lib/network/switched.js").Off, number: number) => void} */
    update(off, number) {
      if (off === shown) return;
      shown = off;
      count.textContent = number ? t("whatif.count", { count: number }) : t("whatif.none");
      all.hidden = empty.hidden = true;
      (number ? all : empty).hidden = false;
      groups.replaceChildren(...[...off].map(([layer, units]) => group(layer, units)));
    },
  };
}
