/**
 * What in the image speaks for a class: gradients, Grad-CAM and occlusion; and the layers as gradients.
 */

import { formatPercent, formatValue } from "../../../lib/screen/format.js";
import { element } from "../../../views/parts/dom.js";
import { createClassGradients } from "../../../views/sheets/class-gradients.js";
import { createHeatChoices } from "../../../views/sheets/heat-choices.js";
import { createHeatPictures } from "../../../views/sheets/heat-pictures.js";
import { createExplanation } from "../asking/explanation.js";
import { createHeatContents } from "./heat-contents.js";
import { createLayerGradients } from "./layer-gradients.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../../../lib/api/types.js").GradientsExplained} GradientsExplained
 * @typedef {import("../../../lib/api/types.js").GradCamExplained} GradCamExplained
 * @typedef {import("../../../lib/api/types.js").OcclusionExplained} OcclusionExplained
 * @typedef {import("../../../views/sheets/heat-pictures.js").Method} Method
 * @typedef {import("../../../views/sheets/heat-pictures.js").MethodContent} MethodContent
 * @typedef {import("../../../views/sheets/heat-map.js").Point} Point
 */

/** @type {Record<string, number>} by preprocessing: the window that covers about a stroke of a digit, or a part of a thing */
const WINDOWS = { digits: 4, photos: 8 };

/** @type {import("../types.js").SheetKind} */
export const heat = {
  name: "heat",
  about: "image",
  whole: true,
  fits: (card) => card.explainers.includes("gradients"),
  create({ card, t, redraw, chooseTarget }) {
    const { shape } = card.input;
    const convolutions = card.explainers.includes("gradcam")
      ? card.layers.filter(({ kind }) => kind === "convolution").map(({ name }) => name)
      : [];
    const labels = card.classes[t.language] ?? card.classes.en;
    /** @type {import("../../../views/sheets/heat-choices.js").HeatChoices} */
    const choices = {
      of: "logit",
      window: WINDOWS[card.input.preprocessing] ?? 4,
      opacity: 0.8,
      all: false,
      layers: false,
    };
    let layer = convolutions.at(-1) ?? "";
    /** @type {Point | null} */
    let point = null;

    /** @type {ReturnType<typeof createExplanation<GradientsExplained>>[]} */
    const [one, every] = [createExplanation("gradients", { t, redraw }), createExplanation("gradients", { t, redraw })];
    /** @type {ReturnType<typeof createExplanation<GradCamExplained>>} */
    const gradcam = createExplanation("gradcam", { t, redraw });
    /** @type {ReturnType<typeof createExplanation<OcclusionExplained>>} */
    const occlusion = createExplanation("occlusion", { t, redraw });
    const inside = createLayerGradients({ card, t, redraw });

    const controls = createHeatChoices(t, (next) => {
      Object.assign(choices, next);
      redraw();
    });
    const pictures = createHeatPictures({
      shape,
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
    const classes = createClassGradients({ labels, t, onChoose: (i) => chooseTarget(card.classes.en[i]) });
    const host = element("div", { class: "heat" }, controls.element, pictures.element, classes.element);

    /** @type {(lab: Lab) => string | undefined} the class that is asked after, by its English name */
    const targetOf = ({ target, frame }) => target ?? frame?.answer.label;
    /** @type {(lab: Lab) => Record<string, string>} */
    const asked = (lab) => ({ target: targetOf(lab) ?? "", of: choices.of });
    const labelOf = (/** @type {string} */ target) => labels[card.classes.en.indexOf(target)];
    const contents = createHeatContents({
      shape,
      t,
      scoreWords: (score, of) =>
        of === "logit" ? formatValue(score, t.language, 3) : formatPercent(score, t.language, 1),
    });

    /** @type {Map<Method, MethodContent>} what each picture shows */
    const shown = new Map();
    /** @type {Map<Method, MethodContent>} of these, what is of the very image and score that are asked for: only that is read */
    const current = new Map();
    /** @type {unknown[]} what is read in them */
    let read = [];

    /** @type {<Answer>(method: Method, explained: import("../asking/explanation.js").Explained<Answer>, make: (answer: Answer) => MethodContent) => void} */
    function showMethod(method, { answer, fresh }, make) {
      pictures.setStale(method, !fresh && answer !== null);
      if (answer && !fresh) return void current.delete(method); // of what was there before: it stays, dimmed
      const content = answer && make(answer);
      if (content) current.set(method, content);
      else current.delete(method);
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
      showMethod("sees", { answer: input, fresh: true, trouble: "" }, () => contents.sees(input, palette));
      showMethod("gradient", explained, (answer) => contents.gradient(answer, palette));
      showMethod("product", explained, (answer) => contents.product(answer, input, palette));
      if (weighed)
        showMethod("gradcam", weighed, (answer) => contents.gradcam(answer, input, choices.opacity, palette));
      showMethod("occlusion", covered, (answer) => contents.occlusion(answer, input, choices.opacity, palette));
      pictures.setLayer(layer);
      const now = [point, ...current.values()];
      if (now.length !== read.length || now.some((each, i) => each !== read[i])) pictures.read(current, point);
      read = now;
      return explained.trouble || covered.trouble || (weighed?.trouble ?? "");
    }

    /** @type {(lab: Lab) => string} what went wrong */
    function updateClasses(lab) {
      const { answer, fresh, trouble } = every.of(lab, { target: "all", of: choices.of });
      if (!answer || fresh) classes.update(answer && contents.classes(answer), answer?.scale ?? 1, lab.palette);
      classes.mark(card.classes.en.indexOf(targetOf(lab) ?? ""), answer !== null && !fresh);
      return trouble;
    }

    return {
      element: host,
      lens: (lab) => (choices.layers ? inside.lens(lab, asked(lab)) : null),
      lensName: t("heat.lens"),
      update(lab) {
        const target = targetOf(lab);
        const subject = target === undefined ? t("inspector.empty") : t("heat.subject", { label: labelOf(target) });
        pictures.element.hidden = choices.all;
        classes.element.hidden = !choices.all;
        const trouble = choices.all ? updateClasses(lab) : updatePictures(lab);
        controls.update(choices, {
          subject,
          note: trouble || (choices.layers && lab.frame ? inside.words(lab, asked(lab)) : ""),
        });
      },
      leave() {
        for (const each of [one, every, inside, gradcam, occlusion]) each.drop();
        point = null;
      },
    };
  },
};
