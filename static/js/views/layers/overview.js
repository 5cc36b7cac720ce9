/**
 * The whole network as a table: every layer with its size, how its parameters come about, and its range now.
 */

import { layerKind, layerTitle, parameterSum, rangeWords } from "../../lib/network/names.js";
import { shownValues, showsBefore } from "../../lib/network/shown.js";
import { formatCount, formatPercent, formatShape } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../lib/api/types.js").Reading} Reading
 */

/**
 * @param {ModelCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {HTMLTableElement} table
 */
export function createOverview(card, t, table) {
  table.replaceChildren();
  const names = ["layer", "kind", "shape", "parameters", "range", "silent"];
  const number = (/** @type {string} */ name) =>
    ["parameters", "range", "silent"].includes(name) ? { class: "number" } : undefined;
  const head = element(
    "tr",
    {},
    ...names.map((name) => element("th", { scope: "col", ...number(name) }, t(`overview.${name}`))),
  );
  table.append(element("thead", {}, head));
  const body = table.appendChild(element("tbody"));
  const layers = card.layers.filter((layer) => layer.kind !== "normalization");
  const rows = layers.map((layer) => {
    const sum = parameterSum(layer, card.layers[card.layers.indexOf(layer) - 1], t);
    const count = layer.parameters ? formatCount(layer.parameters, t.language) : "–";
    const [range, silent] = [element("td", { class: "number" }), element("td", { class: "number" })];
    body.append(
      element(
        "tr",
        {},
        element("th", { scope: "row" }, layerTitle(layer.name, t)),
        element("td", {}, layerKind(layer, t)),
        element("td", {}, formatShape(layer.shape, t.language)),
        element("td", { class: "number" }, sum ? `${sum} = ${count}` : count),
        range,
        silent,
      ),
    );
    return { layer, range, silent };
  });

  return {
    /** @type {(readings: Map<string, Reading> | null, before: string[]) => void} */
    update(readings, before) {
      for (const { layer, range, silent } of rows) {
        const side = showsBefore(layer, before);
        const shown = shownValues(readings?.get(layer.name) ?? null, side);
        range.textContent = shown ? rangeWords(shown.range, t) : "–";
        const share = layer.kind === "input" || side ? undefined : shown?.range.silent;
        silent.textContent = share === undefined ? "–" : formatPercent(share, t.language, 0);
      }
    },
  };
}
