/**
 * Views on fixed arrays: each scene builds one view into the host. `test_views.py` serves this file among the page's own.
 */

import { printedSum } from "./lib/explain/sum.js";
import { createBars } from "./views/answer/bars.js";
import { createCodeBars } from "./views/answer/code-bars.js";
import { createGridPainter } from "./views/layers/grid-painter.js";
import { createMiniLayers } from "./views/layers/mini-layers.js";
import { colourKernelPicture, templatesPicture, valuesPicture } from "./views/layers/pictures.js";
import { readPalette } from "./views/parts/palette.js";
import { createDifferenceBars } from "./views/sheets/difference-bars.js";
import { createPairedBars } from "./views/sheets/paired-bars.js";
import { createPlainSum } from "./views/sheets/plain-sum.js";
import { createSoftmaxTable } from "./views/sheets/softmax-table.js";
import { createTermBars } from "./views/sheets/term-bars.js";
import { createTraceList } from "./views/sheets/trace-list.js";
import { createUsualRange } from "./views/sheets/usual-range.js";

const DIGITS = [..."0123456789"];
const THINGS = ["airplane", "automobile", "bird", "cat"];
const PROBABILITIES = [0.0004, 0.0101, 0, 0.25, 0.0005, 0.01, 0.0002, 0.7288, 0, 0];
const OTHERS = [0.0004, 0.0101, 0, 0.65, 0.0005, 0.01, 0.0002, 0.3288, 0, 0];
const ROOM = { width: 120, height: 80 };

/** @type {(count: number) => Float32Array} values from −1 to 1 */
const ramp = (count) => Float32Array.from({ length: count }, (_, i) => (2 * i) / (count - 1) - 1);

/** @type {(host: HTMLElement, picture: import("../../../static/js/views/layers/grid-painter.js").Picture) => void} */
function paint(host, picture) {
  const canvas = document.createElement("canvas");
  host.append(canvas);
  createGridPainter(canvas).paint(picture);
}

/** @type {(name: string, kind: string, shape: number[]) => object} as a card describes it */
const layer = (name, kind, shape) => ({
  name,
  kind,
  shape,
  parameters: 0,
  activation: "relu",
  options: {},
  scale: { pre_activation: 1, activation: 1 },
});

const source = { layer: "hidden_2", shape: [4] };
const explained = {
  model: "a-network",
  layer: "hidden_3",
  kind: "dense",
  address: { unit: 7 },
  source,
  bias: -0.25,
  supporting: [
    { unit: 2, input: 2, weight: 0.75, value: 1.5 },
    { unit: 0, input: 0.5, weight: 0.5, value: 0.25 },
  ],
  opposing: [{ unit: 3, input: 1, weight: -1.125, value: -1.125 }],
  rest: { count: 1, sum: 0 },
  value: 0.375,
  residual: 0,
};

/** @type {Record<string, (host: HTMLElement, t: import("../../../static/js/lib/screen/i18n.js").Texts) => void>} */
export const scenes = {
  "probabilities of digits"(host, t) {
    const list = host.appendChild(document.createElement("ol"));
    createBars(list, { labels: DIGITS, language: t.language, onChoose() {} }).update(PROBABILITIES, 3);
  },
  "probabilities before there is an answer"(host, t) {
    const list = host.appendChild(document.createElement("ol"));
    createBars(list, { labels: THINGS, language: t.language, onChoose() {} }).update(null, -1);
  },
  "numbers of a code"(host) {
    const bars = createCodeBars({ numbers: 5, label: "code" });
    host.append(bars.element);
    bars.update([0, 2, -1, 8, -8], 4);
  },
  "two answers side by side"(host, t) {
    const bars = createPairedBars({ labels: DIGITS, language: t.language, unit: "pp" });
    host.append(bars.element);
    bars.update(PROBABILITIES, OTHERS);
  },
  "an answer before and now"(host, t) {
    const bars = createDifferenceBars(DIGITS, t);
    host.append(bars.element);
    bars.update(PROBABILITIES, OTHERS);
  },
  "terms of a sum"(host, t) {
    const bars = createTermBars(t, { onTerm() {}, onPin() {} });
    host.append(bars.element);
    bars.update(explained, printedSum(explained, 2), true);
    bars.mark({ unit: 0 });
  },
  "a value that is passed on"(host, t) {
    const words = createPlainSum(t, () => {});
    host.append(words.element);
    const one = { ...explained, kind: "dropout", supporting: explained.supporting.slice(0, 1), opposing: [] };
    words.update(one, true);
  },
  "a softmax at temperature 2"(host, t) {
    const table = createSoftmaxTable(THINGS, t, () => {});
    host.append(table.element, table.controls);
    const classes = [0, 2, -2, 4].map((logit, i) => {
      const exponential = Math.exp((logit - 4) / 2);
      return { label: THINGS[i], logit, exponential, probability: exponential / 1.5529 };
    });
    table.update({ temperature: 2, maximum: 4, total: 1.5529, classes }, 3, 2);
  },
  "a trace of two levels"(host) {
    const list = createTraceList("trace", { onPoint() {}, onRoom() {} });
    host.append(list.element);
    const entry = (name, share) => ({
      place: { layer: "hidden_1", address: { unit: 1 } },
      name,
      activation: "1.5",
      printed: String(share),
      share,
    });
    const column = {
      title: "Hidden 1",
      heads: ["unit", "activation", "adds"],
      others: [{ name: "62 others", printed: "0.1" }],
      sum: { name: "logit", printed: "0.6" },
    };
    list.update([
      { ...column, bare: false, entries: [entry("unit 1", 1), entry("unit 2", -0.5)] },
      { ...column, bare: true, entries: [entry("pixel", 0.25)] },
    ]);
  },
  "where a value lies among usual ones"(host, t) {
    const range = createUsualRange(t);
    host.append(range.element);
    const spread = {
      histogram: { edges: [-2, -1, 0, 1, 2], counts: [1, 10, 100, 10] },
      quantiles: { shape: [1, 5], values: [-2, -1, 0, 1, 2] },
    };
    const statistics = { model: "a", dataset: "b", layer: "c", kind: "dense", shape: [1], examples: 121 };
    range.update(readPalette(), { ...statistics, levels: [0, 0.05, 0.5, 0.95, 1], activation: spread }, 0, 1.5);
  },
  "units of a layer"(host) {
    const options = { end: 1, order: null, table: readPalette().table, room: ROOM, ratio: 1 };
    paint(host, valuesPicture([40], { shape: [40], values: ramp(40) }, options));
  },
  "feature maps of a layer"(host) {
    const shape = [4, 5, 6];
    const options = {
      end: 1,
      order: Int32Array.of(5, 4, 3, 2, 1, 0),
      table: readPalette().table,
      room: ROOM,
      ratio: 1,
    };
    paint(host, valuesPicture(shape, { shape, values: ramp(120) }, options));
  },
  "kernels of one map"(host) {
    const options = { table: readPalette().table, room: ROOM, ratio: 1 };
    paint(host, templatesPicture({ shape: [3, 3, 1, 4], values: ramp(36) }, options));
  },
  "kernels that look at colours"(host) {
    paint(host, colourKernelPicture({ shape: [3, 3, 3, 4], values: ramp(108) }, { room: ROOM, ratio: 1 }));
  },
  "small layers in rows"(host, t) {
    const layers = [layer("hidden_1", "dense", [12]), layer("convolution_1", "convolution", [3, 3, 4])];
    const mini = createMiniLayers(layers, ["A", "B"], t);
    host.append(mini.element);
    const shown = ({ shape }) => ({ shape, values: ramp(shape.reduce((a, b) => a * b)) });
    mini.update({
      room: { width: 160, height: 60 },
      rows: [shown, () => null],
      endOf: () => 1,
      table: readPalette().table,
    });
  },
};
