/**
 * All layers in numbers, or the value under the pointer; and how the layers are drawn: on which scale, in which order.
 */

import { worthWords } from "../../../lib/network/names.js";
import { ordersOf } from "../../../lib/network/order.js";
import { SCOPES } from "../../../lib/network/shown.js";
import { formatCount } from "../../../lib/screen/format.js";
import { createNamedSelect } from "../../../views/parts/choices.js";
import { element } from "../../../views/parts/dom.js";
import { createLegend } from "../../../views/parts/legend.js";
import { createOverviewSheet } from "../../../views/sheets/overview-sheet.js";
import { createValueSheet } from "../../../views/sheets/value-sheet.js";

const FACTS_BETWEEN = " · ";

/** @type {import("../types.js").SheetKind} */
export const layers = {
  name: "layers",
  about: "image",
  fits: () => true,
  create({ card, t, change, usual }) {
    const overview = createOverviewSheet(card, t);
    const value = createValueSheet(card, t);
    const legendHost = element("div", { class: "legend" });
    const legend = createLegend(legendHost, t);
    const scope = createNamedSelect(
      t("scope.title"),
      SCOPES.map((each) => [each, t(`scope.${each}`)]),
      (chosen) => {
        change({ scope: /** @type {import("../../../lib/network/shown.js").Scope} */ (chosen) });
      },
    );
    const order = createNamedSelect(
      t("order.title"),
      ordersOf(card).map((each) => [each, t(`order.${each}`)]),
      (chosen) => {
        change({ order: /** @type {import("../../../lib/network/order.js").Order} */ (chosen) });
      },
    );
    const facts = t("inspector.network", {
      parameters: formatCount(card.parameters, t.language),
      worth: worthWords(card, t),
      dataset: card.dataset,
    }).split(FACTS_BETWEEN);
    const network = element("p", { class: "network-facts" }, ...facts.map((fact) => element("span", {}, fact)));
    const drawn = element("div", { class: "drawn" }, legendHost, scope.element, order.element, network);
    const whole = element("div", { class: "layers-and-drawn" }, overview.element, drawn);
    const host = element("div", { class: "sheet-fill" }, whole, value.element);

    return {
      element: host,
      update({ read, ...lab }) {
        whole.hidden = Boolean(read);
        value.element.hidden = !read;
        if (read)
          return value.update({
            ...lab,
            subject: read,
            statistics: lab.rests && !read.kernel ? usual.of(read.layer.name) : null,
          });
        value.clear();
        overview.update(lab.readings, lab.state.before);
        legend.update(lab.palette, null, null);
        scope.update(lab.state.scope);
        order.update(lab.state.order);
      },
    };
  },
};
