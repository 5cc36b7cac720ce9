/**
 * Groups of choices that the template holds as radio buttons, and the list of networks.
 */

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
 * @param {import("../lib/types.js").ModelSummary[]} models
 * @param {string} language
 * @param {(model: string) => void} onChoose
 */
export function createModelChoice(models, language, onChoose) {
  const select = /** @type {HTMLSelectElement} */ (part("network-choice"));
  select.addEventListener("change", () => onChoose(select.value));
  return {
    /** @param {import("../lib/types.js").ModelSummary} model */
    update(model) {
      const alike = models.filter((each) => each.input.preprocessing === model.input.preprocessing);
      select.replaceChildren(...alike.map((each) => element("option", { value: each.name }, each.title[language] ?? each.name)));
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
