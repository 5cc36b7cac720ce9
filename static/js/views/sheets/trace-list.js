/**
 * A trace as columns, one a level, each a sum: the largest entries, the others, the biases above, and the logit below the line.
 */

import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/explain/trace.js").Place} Place
 *
 * @typedef {object} ColumnWords one column, in words and numbers as they are printed
 * @property {string} title
 * @property {boolean} bare whether what its entries add is all that there is to say of them
 * @property {[string, string, string]} heads where, how large, what it adds
 * @property {{place: Place, name: string, activation: string, printed: string, share: number}[]} entries `share`: signed, of the
 *   largest magnitude in the column
 * @property {{name: string, printed: string}[]} others
 * @property {{name: string, printed: string}} sum
 */

const WORDS_LINES = 2; // the title, and the heads
const RULE_PX = 1; // the line above a sum

/**
 * @param {string} label
 * @param {{onPoint: (place: Place | null) => void, onRoom: () => void}} events an entry is pointed at, or none any more; there is
 *   more room or less
 */
export function createTraceList(label, { onPoint, onRoom }) {
  const host = element("div", { class: "trace-list", tabindex: "0", role: "group", "aria-label": label });
  /** @type {Map<HTMLElement, Place>} */
  let places = new Map();
  /** @type {HTMLElement | null} the entry that is pointed at, or that the arrow keys came to */
  let current = null;
  let drawn = "";

  /** @param {HTMLElement | null} row */
  function point(row) {
    if (row === current) return;
    current?.removeAttribute("data-current");
    current = row;
    row?.setAttribute("data-current", "");
    onPoint((row && places.get(row)) ?? null);
  }

  /** @param {Event} event */
  const rowOf = ({ target }) => {
    const row = target instanceof Element ? target.closest("tr") : null;
    return row && places.has(row) ? row : null;
  };
  host.addEventListener("pointerover", (event) => point(rowOf(event)));
  host.addEventListener("pointerleave", () => point(null));
  host.addEventListener("blur", () => point(null));
  host.addEventListener("keydown", (event) => {
    const columns = [...host.children].map((column) =>
      [...column.querySelectorAll("tr")].filter((row) => places.has(row)),
    );
    const next = neighbour(columns, current, event.key);
    if (!next) return;
    event.preventDefault();
    point(next);
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  const resizing = new ResizeObserver(onRoom);
  resizing.observe(host);

  return {
    element: host,
    /**
     * @param {number} others lines below the entries of a column
     * @returns {number} entries that there is room for
     */
    room(others) {
      const line = Number.parseFloat(getComputedStyle(host).lineHeight) || 1;
      return Math.floor((host.clientHeight - RULE_PX) / line) - WORDS_LINES - others;
    },
    /** @param {ColumnWords[]} columns */
    update(columns) {
      const now = JSON.stringify(columns);
      if (now === drawn) return;
      drawn = now;
      const { scrollLeft } = host;
      point(null);
      const built = columns.map(buildColumn);
      places = new Map(built.flatMap((column) => column.places));
      host.replaceChildren(...built.map(({ table }) => table));
      host.scrollLeft = scrollLeft;
    },
  };
}

/** @type {(columns: HTMLElement[][], current: HTMLElement | null, key: string) => HTMLElement | null} the entry that an arrow key leads to */
function neighbour(columns, current, key) {
  if (!key.startsWith("Arrow")) return null;
  const x = columns.findIndex((rows) => rows.some((row) => row === current));
  if (x < 0) return columns[0]?.[0] ?? null;
  const y = columns[x].indexOf(/** @type {HTMLElement} */ (current));
  if (key === "ArrowUp" || key === "ArrowDown") return columns[x][y + (key === "ArrowDown" ? 1 : -1)] ?? null;
  const beside = columns[x + (key === "ArrowRight" ? 1 : -1)];
  return beside?.[Math.min(y, beside.length - 1)] ?? null;
}

/** @type {(words: ColumnWords) => {table: HTMLTableElement, places: [HTMLElement, Place][]}} `places`: by the row of each entry */
function buildColumn({ title, bare, heads, entries, others, sum }) {
  const rows = entries.map(({ name, activation, printed, share }) => {
    const figures = bare ? [] : [cell(activation, "trace-activation"), bar(share)];
    return element("tr", {}, element("th", { scope: "row" }, name), ...figures, cell(printed));
  });
  const line = (/** @type {{name: string, printed: string}} */ each) =>
    element("tr", {}, element("th", { scope: "row", colspan: bare ? "1" : "3" }, each.name), cell(each.printed));
  const between = bare ? [] : [head(heads[1], "trace-activation"), element("td")];
  const table = element(
    "table",
    { class: "trace-column" },
    element("caption", {}, title),
    element("thead", {}, element("tr", {}, head(heads[0]), ...between, head(heads[2]))),
    element("tbody", {}, ...rows),
    element("tbody", { class: "trace-others" }, ...others.map(line)),
    element("tfoot", {}, line(sum)),
  );
  table.toggleAttribute("data-bare", bare);
  return { table, places: rows.map((row, i) => [row, entries[i].place]) };
}

/** @type {(share: number) => HTMLTableCellElement} */
function bar(share) {
  const made = element("span", { class: share < 0 ? "trace-bar less" : "trace-bar", "aria-hidden": "true" });
  made.style.setProperty("--share", Math.abs(share).toFixed(3));
  return element("td", { class: "trace-share" }, made);
}

/** @type {(words: string, kind?: string) => HTMLTableCellElement} */
const cell = (words, kind = "") => element("td", { class: `number ${kind}`.trim() }, words);

/** @type {(words: string, kind?: string) => HTMLTableCellElement} */
const head = (words, kind = "") => element("th", { scope: "col", class: kind }, words);
