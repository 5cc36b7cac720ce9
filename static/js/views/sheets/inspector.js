/**
 * The one card: a title, the sheets that can be opened as tabs, and the sheet that is open; on a unit that is pinned a sheet from
 * below on a phone.
 */

import { element, icon } from "../parts/dom.js";

/**
 * @typedef {{name: string, element: HTMLElement}} OpenSheet
 * @typedef {object} InspectorContent
 * @property {"image" | "unit"} about
 * @property {boolean} pinned whether it is about a unit that stays, and not about the one under the pointer
 * @property {boolean} named whether the tab says already what the heading would
 * @property {{title: string, facts: string[]}} heading facts stand beside the title, none of them broken over two lines
 * @property {{name: string, label: string}[]} tabs the sheets that can be opened
 * @property {OpenSheet} sheet the one that is open
 * @property {string} readout the value under the pointer, where the sheet is about something else
 * @property {string} remark what must be known of the sheet: it stands instead of the readout, and is not cut
 * @property {Switch | null} unit the switch of the unit or map, where it has one
 *
 * @typedef {{isOff: boolean, onChange: () => void}} Switch
 */

/**
 * @param {HTMLElement} host
 * @param {object} options
 * @param {import("../../lib/screen/i18n.js").Texts} options.t
 * @param {(name: string) => void} options.onChoose a sheet is asked for
 * @param {() => void} options.onClose the unit is to be let go
 */
export function createInspector(host, { t, onChoose, onClose }) {
  const [name, facts] = [element("span"), element("small")];
  const title = element("h2", { class: "inspector-title" }, name, facts);
  const readout = element("p", { class: "readout", "aria-live": "polite" });
  const tabs = element("div", { class: "tabs", role: "tablist", "aria-label": t("sheet.list") });
  const close = element(
    "button",
    { type: "button", class: "control close", "aria-label": t("inspector.close"), title: t("inspector.close") },
    icon("close"),
  );
  close.addEventListener("click", onClose);
  const unitSwitch = element("button", { type: "button", class: "tab unit-switch", title: t("off.key") });
  /** @type {Switch | null} */
  let shownSwitch = null;
  unitSwitch.addEventListener("click", () => shownSwitch?.onChange());
  const body = element("div", { class: "sheet", role: "tabpanel", tabindex: "-1" });
  const card = element(
    "div",
    { class: "inspector-card" },
    element("div", { class: "inspector-head" }, title, readout, tabs, unitSwitch, close),
    body,
  );
  host.replaceChildren(card);
  /** @type {Map<string, HTMLButtonElement>} */
  let buttons = new Map();
  let shown = ""; // the tab that is chosen

  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const names = [...buttons.keys()];
    const at = names.findIndex((each) => buttons.get(each) === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = names[(at + step + names.length) % names.length];
    onChoose(next);
    buttons.get(next)?.focus();
  });

  /** @type {(kinds: InspectorContent["tabs"], chosen: string) => void} */
  function showTabs(kinds, chosen) {
    if (kinds.map((each) => each.name).join() !== [...buttons.keys()].join()) {
      buttons = new Map(
        kinds.map(({ name: each }) => {
          const button = element("button", { type: "button", role: "tab", class: "tab" });
          button.addEventListener("click", () => onChoose(each));
          return [each, button];
        }),
      );
      tabs.replaceChildren(...buttons.values());
    }
    for (const { name: each, label } of kinds) {
      const button = /** @type {HTMLButtonElement} */ (buttons.get(each));
      if (button.textContent !== label) button.textContent = label;
    }
    for (const [each, button] of buttons) {
      button.setAttribute("aria-selected", String(each === chosen));
      button.tabIndex = each === chosen ? 0 : -1;
    }
    if (chosen !== shown) reveal(buttons.get(chosen));
    shown = chosen;
  }

  /** @param {HTMLElement | undefined} tab scrolled into sight among the others; the page itself stays where it is */
  function reveal(tab) {
    if (!tab) return;
    const left = tab.offsetLeft - tabs.offsetLeft;
    if (left < tabs.scrollLeft) tabs.scrollLeft = left;
    else tabs.scrollLeft = Math.max(tabs.scrollLeft, left + tab.offsetWidth - tabs.clientWidth);
  }

  return {
    /** @param {InspectorContent} content */
    update({ about, pinned, named, heading, tabs: kinds, sheet, readout: words, remark, unit }) {
      host.dataset.about = about;
      host.toggleAttribute("data-pinned", pinned);
      host.dataset.sheet = sheet.name;
      if (name.textContent !== heading.title) name.textContent = heading.title;
      title.classList.toggle("visually-hidden", named);
      const said = heading.facts.map((fact) => `${fact} `);
      if (facts.textContent !== said.join("")) facts.replaceChildren(...said.map((fact) => element("span", {}, fact)));
      readout.textContent = remark || words;
      readout.toggleAttribute("data-remark", remark !== "");
      showTabs(kinds, sheet.name);
      close.hidden = about === "image";
      shownSwitch = unit;
      unitSwitch.hidden = !unit;
      unitSwitch.textContent = t(unit?.isOff ? "off.on" : "off.off");
      unitSwitch.toggleAttribute("data-off", Boolean(unit?.isOff));
      if (body.firstElementChild !== sheet.element) body.replaceChildren(sheet.element);
      body.setAttribute("aria-label", kinds.find((each) => each.name === sheet.name)?.label ?? "");
    },
    destroy() {
      host.replaceChildren();
      delete host.dataset.about;
      delete host.dataset.sheet;
    },
  };
}
