/**
 * What in the image speaks for a class: gradients, Grad-CAM and occlusion; and the layers as gradients.
 */

import { inputPixels } from "../../lib/colormaps.js";
import { formatPercent, formatValue } from "../../lib/format.js";
import { gradientLens, heatMap, largestChannel, largestMagnitude, lightness, overlayTable, timesInput } from "../../lib/heat.js";
import { showsBefore } from "../../lib/shown.js";
import { createClassGradients } from "../../views/class-gradients.js";
import { element } from "../../views/dom.js";
import { createHeatChoices } from "../../views/heat-choices.js";
import { createHeatPictures, strongestWords } from "../../views/heat-pictures.js";
import { createExplanation } from "../explanation.js";

/**
 * @typedef {import("../sheets.js").Lab} Lab
 * @typedef {import("../../lib/types.js").GradientsExplained} GradientsExplained
 * @typedef {import("../../lib/types.js").GradCamExplained} GradCamExplained
 * @typedef {import("../../lib/types.js").OcclusionExplained} OcclusionExplained
 * @typedef {import("../../views/heat-pictures.js").Method} Method
 * @typedef {import("../../views/heat-pictures.js").MethodContent} MethodContent
 * @typedef {import("../../views/heat-map.js").Point} Point
 */

/** @type {Record<string, number>} by preprocessing: the window that covers about a stroke of a digit, or a part of a thing */
const WINDOWS = { digits: 4, photos: 8 };

/**
 * @template Value
 * @param {(...from: any[]) => Value} make
 * @returns {(...from: any[]) => Value} what it made last, for as long as it would be made from the same things
 */
function remembering(make) {
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

/** @type {import("../sheets.js").SheetKind} */
export const heat = {
  name: "heat",
  about: "image",
  fits: (card) => card.explainers.includes("gradients"),
  create({ card, t, redraw, chooseTarget }) {
    const { shape } = card.input;
    const convolutions = card.explainers.includes("gradcam") ? card.layers.filter(({ kind }) => kind === "convolution").map(({ name }) => name) : [];
    const labels = card.classes[t.language] ?? card.classes.en;
    /** @type {import("../../views/heat-choices.js").HeatChoices} */
    const choices = { of: "logit", window: WINDOWS[card.input.preprocessing] ?? 4, opacity: 0.8, all: false, layers: false };
    let layer = convolutions.at(-1) ?? "";
    /** @type {Point | null} */
    let point = null;

    /** @type {ReturnType<typeof createExplanation<GradientsExplained>>[]} */
    const [one, every, inside] = Array.from({ length: 3 }, () => createExplanation("gradients", { t, redraw }));
    /** @type {ReturnType<typeof createExplanation<GradCamExplained>>} */
    const gradcam = createExplanation("gradcam", { t, redraw });
    /** @type {ReturnType<typeof createExplanation<OcclusionExplained>>} */
    const occlusion = createExplanation("occlusion", { t, redraw });

    const controls = createHeatChoices(t, (next) => {
      Object.assign(choices, next);
      redraw();
    });
    const pictures = createHeatPictures({
      shape, convolutions, t,
      onPoint(next) {
        point = next;
        redraw();
      },
      onLayer(name) {
        layer = name;
        redraw();
      },
    });
    const classes = createClassGradients({ labels, t, onChoose: (i) => chooseTarget(card.classes.en[i]) });
    const host = element("div", { class: "heat" }, controls.element, pictures.element, classes.element);

    /** @type {(lab: Lab) => string | undefined} the class that is asked after, by its English name */
    const targetOf = ({ target, frame }) => target ?? frame?.answer.label;
    /** @type {(lab: Lab) => Record<string, string>} */
    const asked = (lab) => ({ target: targetOf(lab) ?? "", of: choices.of });
    const labelOf = (/** @type {string} */ target) => labels[card.classes.en.indexOf(target)];
    const scoreWords = (/** @type {number} */ score) =>
      choices.of === "logit" ? formatValue(score, t.language, 3) : formatPercent(score, t.language, 1);

    const overlay = remembering((palette) => {
      const style = getComputedStyle(host);
      return { ...palette, table: overlayTable(style.getPropertyValue("--less").trim(), style.getPropertyValue("--more").trim()) };
    });
    const seen = remembering((input, palette) => {
      const values = lightness({ shape, values: input.values });
      return { heat: heatMap(shape, values), end: 1, palette, under: inputPixels({ shape, values: input.values }), opacity: 1 };
    });
    const ofPixels = (/** @type {Float32Array} */ values, /** @type {import("../../views/palette.js").Palette} */ palette) =>
      ({ heat: heatMap(shape, values), end: largestMagnitude(values), palette, under: null, opacity: 1 });
    const gradientContent = remembering((explained, palette) => ofPixels(largestChannel(explained.gradients[0].input), palette));
    const productContent = remembering((explained, input, palette) => ofPixels(timesInput(explained.gradients[0].input, input.values), palette));
    const greys = remembering((input) => inputPixels({ shape: shape.slice(0, 2), values: lightness({ shape, values: input.values }) }));
    const gradcamContent = remembering((explained, input, opacity, palette) => {
      const { values } = explained.signed_upsampled;
      return { heat: heatMap(shape, values), end: largestMagnitude(values), palette: overlay(palette), under: greys(input), opacity };
    });
    const occlusionContent = remembering((explained, input, opacity, palette) => {
      const { window, stride, map } = explained;
      const caption = t("heat.occlusion.caption", { side: window, stride });
      const covered = heatMap(shape, map.values, { window, stride, across: map.shape[1] });
      return { heat: covered, end: largestMagnitude(map.values), palette: overlay(palette), under: greys(input), opacity, caption };
    });
    const lensOf = remembering((explained, before) => gradientLens(card.layers, explained.layers ?? [], before));
    const classContent = remembering((explained) => explained.gradients.map((/** @type {GradientsExplained["gradients"][0]} */ { score, input }) => {
      const of = heatMap(shape, largestChannel(input));
      return { score: scoreWords(score), heat: of, words: strongestWords(t, of) };
    }));

    /** @type {Map<Method, MethodContent>} what each picture shows */
    const shown = new Map();
    /** @type {any[]} what is read in them */
    let read = [];

    /** @type {<Answer>(method: Method, explained: import("../explanation.js").Explained<Answer>, make: (answer: Answer) => MethodContent) => void} */
    function showMethod(method, { answer, fresh }, make) {
      pictures.setStale(method, !fresh && answer !== null);
      if (answer && !fresh) return; // of what was there before: it stays, dimmed
      const content = answer && make(answer);
      if (content === (shown.get(method) ?? null)) return;
      if (content) shown.set(method, content);
      else shown.delete(method);
      pictures.show(method, content);
    }

    /** @type {(lab: Lab) => string} what went wrong */
    function updatePictures(lab) {
      const input = lab.frame?.tensors.get("input") ?? null;
      const { palette } = lab;
      const explained = one.of(lab, asked(lab));
      const covered = occlusion.of(lab, { ...asked(lab), window: String(choices.window) });
      const weighed = layer ? gradcam.of(lab, { ...asked(lab), layer }) : null;
      showMethod("sees", { answer: input, fresh: true, trouble: "" }, () => seen(input, palette));
      showMethod("gradient", explained, (answer) => gradientContent(answer, palette));
      showMethod("product", explained, (answer) => productContent(answer, input, palette));
      if (weighed) showMethod("gradcam", weighed, (answer) => gradcamContent(answer, input, choices.opacity, palette));
      showMethod("occlusion", covered, (answer) => occlusionContent(answer, input, choices.opacity, palette));
      pictures.setLayer(layer);
      const now = [point, ...shown.values()];
      if (now.length !== read.length || now.some((each, i) => each !== read[i])) pictures.read(shown, point);
      read = now;
      return explained.trouble || covered.trouble || (weighed?.trouble ?? "");
    }

    /** @type {(lab: Lab) => string} what went wrong */
    function updateClasses(lab) {
      const { answer, fresh, trouble } = every.of(lab, { target: "all", of: choices.of });
      if (!answer || fresh) classes.update(answer && classContent(answer), answer?.scale ?? 1, lab.palette);
      classes.mark(card.classes.en.indexOf(targetOf(lab) ?? ""), answer !== null && !fresh);
      return trouble;
    }

    /** @type {(lab: Lab) => ReturnType<typeof gradientLens> | null} */
    function lens(lab) {
      if (!choices.layers) return null;
      const { answer, fresh } = inside.of(lab, { ...asked(lab), layers: "full" });
      return answer && fresh ? lensOf(answer, lab.state.before) : null;
    }

    /** @type {(lab: Lab) => string} what the layers show now */
    function layerWords(lab) {
      if (!choices.layers || !lab.frame) return "";
      if (!lens(lab)) return inside.of(lab, { ...asked(lab), layers: "full" }).trouble || t("heat.layers.soon");
      const last = card.layers[card.layers.length - 1];
      return t(showsBefore(last, lab.state.before) ? "heat.layers.now" : "heat.layers.softmax");
    }

    return {
      element: host,
      lens,
      lensName: t("heat.lens"),
      update(lab) {
        const target = targetOf(lab);
        const subject = target === undefined ? t("inspector.empty") : t("heat.subject", { label: labelOf(target) });
        pictures.element.hidden = choices.all;
        classes.element.hidden = !choices.all;
        const trouble = choices.all ? updateClasses(lab) : updatePictures(lab);
        controls.update(choices, { subject, note: trouble || layerWords(lab) });
      },
      leave() {
        for (const each of [one, every, inside, gradcam, occlusion]) each.drop();
        point = null;
      },
    };
  },
};
