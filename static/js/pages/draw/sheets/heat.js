/**
 * What in the image speaks for a class: gradients, Grad-CAM and occlusion; and the layers as gradients.
 */

import { formatPercent, formatValue } from "../../../lib/screen/format.js";
import { element } from "../../../views/parts/dom.js";
import { createClassGradients } from "../../../views/sheets/class-gradients.js";
import { createHeatChoices } from "../../../views/sheets/heat-choices.js";
import { createExplanation } from "../asking/explanation.js";
import { createHeatContents } from "./heat-contents.js";
import { createHeatMethods } from "./heat-methods.js";
import { createLayerGradients } from "./layer-gradients.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/api/types.js").GradientExplanation} GradientsExplained
 */

/** @type {Record<string, number>} by preprocessing: the window that covers about a stroke of a digit, or a part of a thing */
const WINDOWS = { digits: 4, photos: 8 };

/** @type {import("../types.js").SheetKind} */
export const heat = {
  name: "heat",
  about: "image",
  whole: true,
  fits: (card) => card.explainers.includes("gradients"),
  create,
};

/** @type {(lab: Lab) => string | undefined} the class that is explained, by its English name */
const targetOf = ({ target, frame }) => target ?? frame?.answer.label;

/** @param {Tools} tools */
function create(tools) {
  const { card, t, redraw, chooseTarget } = tools;
  const labels = card.classes[t.language] ?? card.classes.en;
  /** @type {import("../../../views/sheets/heat-choices.js").HeatChoices} */
  const choices = {
    of: "logit",
    window: WINDOWS[card.input.preprocessing] ?? 4,
    opacity: 0.8,
    all: false,
    layers: false,
  };
  const contents = createHeatContents({
    shape: card.input.shape,
    t,
    scoreWords: (score, of) =>
      of === "logit" ? formatValue(score, t.language, 3) : formatPercent(score, t.language, 1),
  });
  const methods = createHeatMethods(tools, contents);
  /** @type {ReturnType<typeof createExplanation<GradientsExplained>>} of every class */
  const every = createExplanation("gradients", { t, redraw });
  const inside = createLayerGradients({ card, t, redraw });
  const controls = createHeatChoices(t, (next) => {
    Object.assign(choices, next);
    redraw();
  });
  const classes = createClassGradients({ labels, t, onChoose: (i) => chooseTarget(card.classes.en[i]) });
  const host = element("div", { class: "heat" }, controls.element, methods.element, classes.element);

  /** @type {(lab: Lab) => Record<string, string>} */
  const asked = (lab) => ({ target: targetOf(lab) ?? "", of: choices.of });

  /** @type {(lab: Lab) => string} what went wrong */
  function updateClasses(lab) {
    const { answer, fresh, trouble } = every.of(lab, { target: "all", of: choices.of });
    if (!answer || fresh) classes.update(answer && contents.classes(answer), answer?.scale ?? 1, lab.palette);
    classes.mark(card.classes.en.indexOf(targetOf(lab) ?? ""), answer !== null && !fresh);
    return trouble;
  }

  /** @type {(lab: Lab) => string} */
  function subjectWords(lab) {
    const target = targetOf(lab);
    if (target === undefined) return t("inspector.empty");
    return t("heat.subject", { label: labels[card.classes.en.indexOf(target)] });
  }

  return {
    element: host,
    lens: (/** @type {Lab} */ lab) => (choices.layers ? inside.lens(lab, asked(lab)) : null),
    lensName: t("heat.lens"),
    update(/** @type {Lab} */ lab) {
      methods.element.hidden = choices.all;
      classes.element.hidden = !choices.all;
      const trouble = choices.all ? updateClasses(lab) : methods.update(lab, asked(lab), choices);
      const note = trouble || (choices.layers && lab.frame ? inside.words(lab, asked(lab)) : "");
      controls.update(choices, { subject: subjectWords(lab), note });
    },
    leave() {
      methods.leave();
      for (const each of [every, inside]) each.drop();
    },
  };
}
