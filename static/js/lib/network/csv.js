/**
 * Layers as comma-separated values: a line a value, numbers with a point whatever the page's language.
 */

/**
 * @typedef {import("../api/types.js").LayerAnswer & {shape: number[]}} WholeLayer with all its values
 */

const COLUMNS = ["layer", "unit", "row", "column", "map", "pre_activation", "activation"];

/**
 * @param {WholeLayer[]} layers
 * @returns {string} with a head line; what a layer has no place or value for stays empty
 */
export function layersCsv(layers) {
  const lines = [COLUMNS.join(",")];
  for (const { name, shape, pre_activation: before, activation } of layers) {
    const [, columns, maps] = shape;
    activation.values?.forEach((value, i) => {
      const place = maps
        ? ["", Math.floor(i / maps / columns), Math.floor(i / maps) % columns, i % maps]
        : [i, "", "", ""];
      lines.push([name, ...place, before?.values?.[i] ?? "", value].join(","));
    });
  }
  return `${lines.join("\r\n")}\r\n`; // RFC 4180, section 2
}
