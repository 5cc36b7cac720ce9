/**
 * The one card: the value that the pointer is on, or else the whole network at a glance; and the legend of the scale.
 */

import { formatCount } from "../lib/format.js";
import { layerTitle, rangeWords, worthWords } from "../lib/names.js";
import { showsBefore, shownValues } from "../lib/shown.js";
import { STACKED } from "../lib/stage.js";
import { element, icon } from "./dom.js";
import { createLegend } from "./legend.js";
import { createOverview } from "./overview.js";
import { createUnitCard } from "./unit-card.js";

/**
 * @typedef {import("../lib/types.js").ModelCard} ModelCard
 * @typedef {import("./unit-card.js").Subject} Subject
 * @typedef {Omit<import("./unit-card.js").CardContent, "subject"> & {subject: Subject | null}} InspectorContent
 */

const AROUND_PX = 30; // free above, below and between the title and the table
const FACTS_BETWEEN = " · ";

/**
 * @param {HTMLElement} host
 * @param {{card: ModelCard, t: import("../lib/i18n.js").Texts, onClose: () => void}} options
 */
export function createInspector(host, { card, t, onClose }) {
  const { language } = t;
  const layers = card.layers.filter((layer) => layer.kind !== "normalization");
  const facts = t("inspector.network", {
    parameters: formatCount(card.parameters, language), worth: worthWords(card, t), dataset: card.dataset,
  });
  const pieces = facts.split(FACTS_BETWEEN).map((fact, i, all) => element("span", {}, i < all.length - 1 ? `${fact} ·` : fact));
  const title = element("h2", { class: "inspector-title" }, t("inspector.all"), element("small", {}, ...pieces.flatMap((piece) => [piece, " "])));
  const table = element("table", { class: "overview" });
  const overview = createOverview(card, t, table);
  const tableHost = element("div", { class: "overview-wrap" }, table);
  const glance = element("ol", { class: "glance" });
  const unitCard = createUnitCard(card, t);
  const legendHost = element("div", { class: "legend" });
  const legend = createLegend(legendHost, t);
  const close = element("button", { type: "button", class: "control close", "aria-label": t("inspector.close"), title: t("inspector.close") }, icon("close"));
  close.addEventListener("click", onClose);
  host.replaceChildren(title, tableHost, glance, ...unitCard.elements, legendHost, close);

  /** @param {InspectorContent} content */
  function showNetwork({ readings, before }) {
    const stacked = matchMedia(STACKED).matches;
    const row = Number.parseFloat(getComputedStyle(table).lineHeight);
    tableHost.hidden = stacked || host.clientHeight < AROUND_PX + title.offsetHeight + row * (layers.length + 1);
    glance.hidden = !tableHost.hidden;
    if (glance.hidden) return overview.update(readings, before);
    glance.replaceChildren(...layers.map((layer) => {
      const shown = shownValues(readings?.get(layer.name) ?? null, showsBefore(layer, before));
      return element("li", {}, layerTitle(layer.name, t), element("span", {}, shown ? rangeWords(shown.range, t) : "–"));
    }));
  }

  return {
    /** @param {InspectorContent} content */
    update(content) {
      const { subject, palette } = content;
      host.dataset.mode = subject ? "value" : "network";
      for (const each of [...unitCard.elements, close]) each.hidden = !subject;
      title.hidden = Boolean(subject);
      if (subject) {
        tableHost.hidden = glance.hidden = true;
        const { end, value, note } = unitCard.update({ ...content, subject });
        legend.update(palette, end, value, note);
      } else {
        unitCard.clear();
        showNetwork(content);
        legend.update(palette, null, null, t("legend.fixed"));
      }
    },
    destroy() {
      host.replaceChildren();
    },
  };
}
