/**
 * The heat-maps of one class, a picture for each method: its explanation, what it shows, and the pixel that is read in all of them.
 */

import { createHeatPictures } from "../../../views/sheets/heat-pictures.js";
import { createExplanation } from "../asking/explanation.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/api/types.js").GradCamExplanation} GradCamExplained
 * @typedef {import("../../../lib/api/types.js").GradientExplanation} GradientsExplained
 * @typedef {import("../../../lib/api/types.js").OcclusionExplanation} OcclusionExplained
 * @typedef {import("../../../views/sheets/heat-choices.js").HeatChoices} HeatChoices
 * @typedef {import("../../../views/sheets/heat-map.js").Point} Point
 * @typedef {import("../../../views/sheets/heat-pictures.js").Method} Method
 * @typedef {import("../../../views/sheets/heat-pictures.js").MethodContent} MethodContent
 * @typedef {Record<string, string>} Asked the class and the score that are explained, as parameters of the API
 */

/**
 * @param {Tools} tools
 * @param {ReturnType<typeof import("./heat-contents.js").createHeatContents>} contents
 */
export function createHeatMethods({ card, t, redraw }, contents) {
  const convolutions = card.explainers.includes("gradcam")
    ? card.layers.filter(({ kind }) => kind === "convolution").map(({ name }) => name)
    : [];
  let layer = convolutions.at(-1) ?? "";
  /** @type {Point | null} */
  let point = null;

  /** @type {ReturnType<typeof createExplanation<GradientsExplained>>} */
  const gradients = createExplanation("gradients", { t, redraw });
  /** @type {ReturnType<typeof createExplanation<GradCamExplained>>} */
  const gradcam = createExplanation("gradcam", { t, redraw });
  /** @type {ReturnType<typeof createExplanation<OcclusionExplained>>} */
  const occlusion = createExplanation("occlusion", { t, redraw });

  const pictures = createHeatPictures({
    shape: card.input.shape,
    convolutions,
    t,
    onPoint(next) {
      point = next;
      redraw();
    },
    onLayer(name) {
      layer = name;
      redraw();
    },
  });
  const shown = createShown(pictures);

  return {
    element: pictures.element,
    /** @type {(lab: Lab, asked: Asked, choices: HeatChoices) => string} what went wrong */
    update(lab, asked, { window, opacity }) {
      const input = lab.frame?.tensors.get("input") ?? null;
      const { palette } = lab;
      const explained = gradients.of(lab, asked);
      const covered = occlusion.of(lab, { ...asked, window: String(window) });
      const weighed = layer ? gradcam.of(lab, { ...asked, layer }) : null;
      shown.show("sees", { answer: input, fresh: true }, () => contents.sees(input, palette));
      shown.show("gradient", explained, (answer) => contents.gradient(answer, palette));
      shown.show("product", explained, (answer) => contents.product(answer, input, palette));
      if (weighed) shown.show("gradcam", weighed, (answer) => contents.gradcam(answer, input, opacity, palette));
      shown.show("occlusion", covered, (answer) => contents.occlusion(answer, input, opacity, palette));
      pictures.setLayer(layer);
      shown.read(point);
      return explained.trouble || covered.trouble || (weighed?.trouble ?? "");
    },
    leave() {
      for (const each of [gradients, gradcam, occlusion]) each.drop();
      point = null;
    },
  };
}

/**
 * Paints a picture only where its content has changed; a picture of an earlier input stays, dimmed, and is not read.
 * @param {ReturnType<typeof createHeatPictures>} pictures
 */
function createShown(pictures) {
  /** @type {Map<Method, MethodContent>} */
  const shown = new Map();
  /** @type {Map<Method, MethodContent>} of these, the contents for the image and the score that are explained now */
  const current = new Map();
  /** @type {unknown[]} what was read last */
  let last = [];

  return {
    /** @type {<Answer>(method: Method, explained: {answer: Answer | null, fresh: boolean}, make: (answer: Answer) => MethodContent) => void} */
    show(method, { answer, fresh }, make) {
      pictures.setStale(method, !fresh && answer !== null);
      if (answer && !fresh) {
        current.delete(method);
        return;
      }
      const content = answer && make(answer);
      setIn(current, method, content);
      if (content === (shown.get(method) ?? null)) return;
      setIn(shown, method, content);
      pictures.show(method, content);
    },
    /** @param {Point | null} point */
    read(point) {
      const now = [point, ...current.values()];
      if (now.length !== last.length || now.some((each, i) => each !== last[i])) pictures.read(current, point);
      last = now;
    },
  };
}

/** @type {(contents: Map<Method, MethodContent>, method: Method, content: MethodContent | null) => void} */
function setIn(contents, method, content) {
  if (content) contents.set(method, content);
  else contents.delete(method);
}
