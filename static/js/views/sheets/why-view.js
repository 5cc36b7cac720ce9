/**
 * Why this class: the choices of what is shown and what the class is held against, above a list of sums or pictures of the weights.
 */

import { createNamedSelect } from "../parts/choices.js";
import { element } from "../parts/dom.js";
import { createAffinePictures } from "./affine-pictures.js";
import { createTraceList } from "./trace-list.js";

/**
 * @typedef {import("../../lib/explain/trace.js").Place} Place
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 * @typedef {"threads" | "picture"} WhyForm
 *
 * @typedef {object} WhyContent
 * @property {WhyForm} form
 * @property {string} remark what went wrong, or what is missing
 * @property {boolean} isEmpty
 * @property {boolean} isStale
 *
 * @typedef {object} RivalChoice
 * @property {boolean} stacked whether there are no threads: layers stand one below the other
 * @property {string | null} target the class that is explained, by its English name; it is no rival of its own
 * @property {string} rival the chosen one; empty for none
 * @property {{label: string, name: string} | null} runnerUp a rival that is offered, in the page's language and in English
 *
 * @typedef {object} WhyEvents
 * @property {(form: WhyForm) => void} onForm
 * @property {(rival: string) => void} onRival by its English name; empty for none
 * @property {(place: Place | null) => void} onPoint an entry of the list is pointed at, or none any more
 * @property {() => void} onRoom
 */

export const NO_RIVAL = "";

/** @param {{en: string, label: string}[]} classes @param {Texts} t @param {WhyEvents} events */
export function createWhyView(classes, t, events) {
  const parts = build(classes, t, events);
  const { list, pictures } = parts;
  return {
    element: parts.host,
    /** @param {WhyContent} content */
    update: (content) => paint(parts, content),
    /** @param {RivalChoice} choice */
    updateChoices: (choice) => paintChoices(parts, t, choice),
    updateList: list.update,
    updatePictures: pictures.update,
    room: list.room,
  };
}

/** @param {{en: string, label: string}[]} classes @param {Texts} t @param {WhyEvents} events */
function build(classes, t, { onForm, onRival, onPoint, onRoom }) {
  const [threadsWords, pictureWords] = [element("span"), element("span", {}, t("why.view.picture"))];
  const views = element(
    "fieldset",
    { class: "segmented small" },
    element("legend", { class: "visually-hidden" }, t("why.view")),
    buildForm("threads", threadsWords, onForm),
    buildForm("picture", pictureWords, onForm),
  );
  const options = [[NO_RIVAL, t("why.against.none")], ...classes.map(({ en, label }) => [en, label])];
  const rivals = createNamedSelect(t("why.against"), options, onRival);
  const runnerUp = element("button", { type: "button", class: "chip why-runner-up" });
  runnerUp.addEventListener("click", () => onRival(runnerUp.value));
  const status = element("p", { class: "why-trouble", role: "status" });
  const about = element("p", { class: "why-about" }, t("why.affine"));
  const choices = element("div", { class: "why-choices" }, views, rivals.element, runnerUp, about, status);
  const list = createTraceList(t("why.list"), { onPoint, onRoom });
  const pictures = createAffinePictures();
  const told = element("div", { class: "why-told" }, list.element, pictures.element);
  const host = element("div", { class: "why" }, choices, told);
  return { threadsWords, rivals, runnerUp, status, about, list, pictures, told, host };
}

/** @type {(form: WhyForm, words: HTMLElement, onForm: (form: WhyForm) => void) => HTMLLabelElement} */
function buildForm(form, words, onForm) {
  const input = element("input", { type: "radio", name: "why-view", value: form });
  input.checked = form === "threads";
  input.addEventListener("change", () => onForm(form));
  return element("label", {}, input, words);
}

/** @type {(parts: ReturnType<typeof build>, content: WhyContent) => void} */
function paint({ status, told, list, pictures, about }, { form, remark, isEmpty, isStale }) {
  if (status.textContent !== remark) status.textContent = remark;
  told.toggleAttribute("data-stale", isStale);
  told.hidden = isEmpty;
  list.element.hidden = form !== "threads";
  pictures.element.hidden = about.hidden = form !== "picture";
}

/** @type {(parts: ReturnType<typeof build>, t: Texts, choice: RivalChoice) => void} */
function paintChoices({ threadsWords, rivals, runnerUp }, t, { stacked, target, rival, runnerUp: offered }) {
  threadsWords.textContent = t(stacked ? "why.view.list" : "why.view.threads");
  rivals.update(rival);
  for (const option of rivals.element.querySelectorAll("option")) option.disabled = option.value === target;
  runnerUp.hidden = !offered || rival !== NO_RIVAL;
  if (!offered) return;
  runnerUp.value = offered.name;
  runnerUp.textContent = t("why.runner-up", { label: offered.label });
}
