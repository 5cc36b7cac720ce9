/**
 * The one card: a title, the sheets that can be opened as tabs, and the sheet that is open; on a unit that is pinned a sheet from
 * below on a phone.
 */

import { element, icon } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 *
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
 * @param {Texts} options.t
 * @param {(name: string) => void} options.onChoose a sheet is chosen
 * @param {() => void} options.onClose the unit is let go
 */
export function createInspector(host, { t, onChoose, onClose }) {
  /** @type {Switch | null} */
  let shownSwitch = null;
  const tabs = createTabs(t("sheet.list"), onChoose);
  const parts = build(t, tabs.element, onClose, () => shownSwitch?.onChange());
  host.replaceChildren(parts.card);

  return {
    /** @param {InspectorContent} content */
    update(content) {
      const { about, pinned, sheet, unit } = content;
      host.dataset.about = about;
      host.toggleAttribute("data-pinned", pinned);
      host.dataset.sheet = sheet.name;
      paintHead(parts, content);
      tabs.update(content.tabs, sheet.name);
      parts.close.hidden = about === "image";
      shownSwitch = unit;
      parts.unitSwitch.hidden = !unit;
      parts.unitSwitch.textContent = t(unit?.isOff ? "off.on" : "off.off");
      parts.unitSwitch.toggleAttribute("data-off", Boolean(unit?.isOff));
      if (parts.body.firstElementChild !== sheet.element) parts.body.replaceChildren(sheet.element);
      parts.body.setAttribute("aria-label", content.tabs.find(({ name }) => name === sheet.name)?.label ?? "");
    },
    destroy() {
      host.replaceChildren();
      delete host.dataset.about;
      delete host.dataset.sheet;
    },
  };
}

/** @param {Texts} t @param {HTMLElement} tabs @param {() => void} onClose @param {() => void} onSwitch */
function build(t, tabs, onClose, onSwitch) {
  const [name, facts] = [element("span"), element("small")];
  const title = element("h2", { class: "inspector-title" }, name, facts);
  const readout = element("p", { class: "readout", "aria-live": "polite" });
  const closing = { "aria-label": t("inspector.close"), title: t("inspector.close") };
  const close = element("button", { type: "button", class: "control close", ...closing }, icon("close"));
  close.addEventListener("click", onClose);
  const unitSwitch = element("button", { type: "button", class: "tab unit-switch", title: t("off.key") });
  unitSwitch.addEventListener("click", onSwitch);
  const body = element("div", { class: "sheet", role: "tabpanel", tabindex: "-1" });
  const head = element("div", { class: "inspector-head" }, title, readout, tabs, unitSwitch, close);
  const card = element("div", { class: "inspector-card" }, head, body);
  return { name, facts, title, readout, close, unitSwitch, body, card };
}

/** @type {(parts: ReturnType<typeof build>, content: InspectorContent) => void} texts that stay are left alone, so that they are not read out again */
function paintHead({ name, facts, title, readout }, { named, heading, readout: words, remark }) {
  if (name.textContent !== heading.title) name.textContent = heading.title;
  title.classList.toggle("visually-hidden", named);
  const said = heading.facts.map((fact) => `${fact} `);
  if (facts.textContent !== said.join("")) facts.replaceChildren(...said.map((fact) => element("span", {}, fact)));
  readout.textContent = remark || words;
  readout.toggleAttribute("data-remark", remark !== "");
}

/**
 * @param {string} label
 * @param {(name: string) => void} onChoose
 */
function createTabs(label, onChoose) {
  const host = element("div", { class: "tabs", role: "tablist", "aria-label": label });
  /** @type {Map<string, HTMLButtonElement>} */
  let buttons = new Map();
  let shown = ""; // the tab that is chosen

  host.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const names = [...buttons.keys()];
    const at = names.findIndex((each) => buttons.get(each) === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = names[(at + step + names.length) % names.length];
    onChoose(next);
    buttons.get(next)?.focus();
  });

  /** @param {string} name */
  function buildTab(name) {
    const button = element("button", { type: "button", role: "tab", class: "tab" });
    button.addEventListener("click", () => onChoose(name));
    return button;
  }

  return {
    element: host,
    /** @type {(kinds: InspectorContent["tabs"], chosen: string) => void} */
    update(kinds, chosen) {
      if (kinds.map(({ name }) => name).join() !== [...buttons.keys()].join()) {
        buttons = new Map(kinds.map(({ name }) => [name, buildTab(name)]));
        host.replaceChildren(...buttons.values());
      }
      for (const { name, label: words } of kinds) {
        const button = /** @type {HTMLButtonElement} */ (buttons.get(name));
        if (button.textContent !== words) button.textContent = words;
        button.setAttribute("aria-selected", String(name === chosen));
        button.tabIndex = name === chosen ? 0 : -1;
      }
      if (chosen !== shown) reveal(host, buttons.get(chosen));
      shown = chosen;
    },
  };
}

/** @type {(host: HTMLElement, tab: HTMLElement | undefined) => void} scroll the tab into sight among the others; the page itself stays where it is */
function reveal(host, tab) {
  if (!tab) return;
  const left = tab.offsetLeft - host.offsetLeft;
  if (left < host.scrollLeft) host.scrollLeft = left;
  else host.scrollLeft = Math.max(host.scrollLeft, left + tab.offsetWidth - host.clientWidth);
}
