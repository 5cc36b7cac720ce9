/**
 * Groups of choices that the template holds as radio buttons, and the list of networks.
 */

import { TASKS } from "../../lib/network/networks.js";
import { element, part } from "./dom.js";

/**
 * @param {string} name of the part
 * @param {(value: string) => void} onChoose
 */
export function createChoice(name, onChoose) {
  const host = part(name);
  host.addEventListener("change", (event) => onChoose(/** @type {HTMLInputElement} */ (event.target).value));
  return {
    host,
    /** @param {string} value */
    update(value) {
      for (const input of host.querySelectorAll("input")) input.checked = input.value === value;
    },
  };
}

/**
 * @param {import("../../lib/api/types.js").ModelSummary[]} models
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {(model: string) => void} onChoose
 */
export function createModelChoice(models, t, onChoose) {
  const select = /** @type {HTMLSelectElement} */ (part("network-choice"));
  select.addEventListener("change", () => onChoose(select.value));
  return {
    /** @param {import("../../lib/api/types.js").ModelSummary} model */
    update(model) {
      const alike = models.filter((each) => each.input.preprocessing === model.input.preprocessing);
      const groups = TASKS.map((task) => ({ task, members: alike.filter((each) => each.task === task) })).filter(
        ({ members }) => members.length,
      );
      const options = groups.map(({ members }) =>
        members.map((each) => element("option", { value: each.name }, each.title[t.language] ?? each.name)),
      );
      select.replaceChildren(
        ...(groups.length < 2
          ? options.flat()
          : groups.map(({ task }, i) => element("optgroup", { label: t(`header.task.${task}`) }, ...options[i]))),
      );
      select.value = model.name;
    },
  };
}

/**
 * @param {HTMLElement} host
 * @param {{colours: {value: string, name: string}[], onChoose: (colour: string) => void}} options
 */
export function createPalette(host, { colours, onChoose }) {
  const swatches = colours.map(({ value, name }) => {
    const button = element("button", { type: "button", class: "swatch", "aria-label": name, title: name });
    button.style.setProperty("--swatch", value);
    button.addEventListener("click", () => onChoose(value));
    host.append(button);
    return { value, button };
  });
  return {
    /** @param {string} colour */
    update(colour) {
      for (const { value, button } of swatches) button.setAttribute("aria-pressed", String(value === colour));
    },
  };
}

/**
 * A short list of choices with its name before it.
 * @param {string} label
 * @param {string[][]} options value and words
 * @param {(value: string) => void} onChoose
 */
export function createNamedSelect(label, options, onChoose) {
  const select = element("select", {}, ...options.map(([value, words]) => element("option", { value }, words)));
  select.addEventListener("change", () => onChoose(select.value));
  return {
    element: element("label", { class: "named-select" }, element("span", {}, label), select),
    /** @param {string} value */
    update(value) {
      select.value = value;
    },
  };
}

/**
 * A few choices side by side, one of them chosen.
 * @param {string} label for a screen reader
 * @param {string[][]} options value and words
 * @param {(value: string) => void} onChoose
 */
export function createSegmented(label, options, onChoose) {
  const name = `segmented-${++groups}`;
  const inputs = options.map(([value]) => element("input", { type: "radio", name, value }));
  const choices = options.map(([, words], i) => element("label", {}, inputs[i], element("span", {}, words)));
  const host = element(
    "fieldset",
    { class: "segmented small" },
    element("legend", { class: "visually-hidden" }, label),
    ...choices,
  );
  host.addEventListener("change", (event) => onChoose(/** @type {HTMLInputElement} */ (event.target).value));
  return {
    element: host,
    /** @type {(value: string, impossible?: string[]) => void} */
    update(value, impossible = []) {
      for (const input of inputs) {
        input.checked = input.value === value;
        input.disabled = impossible.includes(input.value);
      }
    },
  };
}

let groups = 0; // radio buttons that belong together share a name that no others have
