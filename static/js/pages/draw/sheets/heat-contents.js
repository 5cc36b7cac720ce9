/**
 * From an explanation to what a heat-map shows; made anew only where something that it is made from has changed.
 */

import {
  heatMap,
  largestChannel,
  largestMagnitude,
  lightness,
  overlayTable,
  timesInput,
} from "../../../lib/explain/heat.js";
import { inputPixels } from "../../../lib/screen/colormaps.js";
import { strongestWords } from "../../../views/sheets/heat-pictures.js";

/**
 * @template Value
 * @param {(...from: any[]) => Value} make
 * @returns {(...from: any[]) => Value} what it made last, for as long as it would be made from the same things
 */
export function remembering(make) {
  /** @type {any[] | null} */
  let last = null;
  /** @type {any} */
  let made;
  return (...from) => {
    if (!last || from.some((each, i) => each !== last?.[i])) made = make(...from);
    last = from;
    return made;
  };
}

/**
 * @param {object} options
 * @param {number[]} options.shape of the network's input
 * @param {import("../../../lib/screen/i18n.js").Texts} options.t
 * @param {(score: number, of: "logit" | "probability") => string} options.scoreWords
 */
export function createHeatContents({ shape, t, scoreWords }) {
  const overlay = remembering((palette) => {
    const style = getComputedStyle(document.documentElement);
    const colours = ["--less", "--more"].map((name) => style.getPropertyValue(name).trim());
    return { ...palette, table: overlayTable(colours[0], colours[1]) };
  });
  const greys = remembering((input) =>
    inputPixels({ shape: shape.slice(0, 2), values: lightness({ shape, values: input.values }) }),
  );
  const ofPixels = (
    /** @type {Float32Array} */ values,
    /** @type {import("../../../views/parts/palette.js").Palette} */ palette,
  ) => ({ heat: heatMap(shape, values), end: largestMagnitude(values), palette, under: null, opacity: 1 });

  return {
    sees: remembering((input, palette) => {
      const seen = { shape, values: input.values };
      return { heat: heatMap(shape, lightness(seen)), end: 1, palette, under: inputPixels(seen), opacity: 1 };
    }),
    gradient: remembering((explained, palette) => ofPixels(largestChannel(explained.gradients[0].input), palette)),
    product: remembering((explained, input, palette) =>
      ofPixels(timesInput(explained.gradients[0].input, input.values), palette),
    ),
    gradcam: remembering((explained, input, opacity, palette) => {
      const { values } = explained.signed_upsampled;
      return {
        heat: heatMap(shape, values),
        end: largestMagnitude(values),
        palette: overlay(palette),
        under: greys(input),
        opacity,
      };
    }),
    occlusion: remembering((explained, input, opacity, palette) => {
      const { window: side, stride, map } = explained;
      const heat = heatMap(shape, map.values, { window: side, stride, across: map.shape[1] });
      const caption = t("heat.occlusion.caption", { side, stride });
      return {
        heat,
        end: largestMagnitude(map.values),
        palette: overlay(palette),
        under: greys(input),
        opacity,
        caption,
      };
    }),
    classes: remembering((explained) =>
      explained.gradients.map(
        (/** @type {{score: number, input: {shape: number[], values: number[]}}} */ { score, input }) => {
          const heat = heatMap(shape, largestChannel(input));
          return { score: scoreWords(score, explained.of), heat, words: strongestWords(t, heat) };
        },
      ),
    ),
  };
}
