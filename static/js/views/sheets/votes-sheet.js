/**
 * Fifty thinned networks, each as one token over the class that it votes for, beside what the whole network answers.
 */

import { tokensByClass } from "../../lib/explain/votes.js";
import { layerTitle } from "../../lib/network/names.js";
import { formatCount, formatPercent } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").NetworkCard} ModelCard
 * @typedef {import("../../lib/api/types.js").VotesExplanation} VotesExplained
 * @typedef {import("../../lib/screen/i18n.js").Texts} Texts
 * @typedef {ReturnType<typeof buildColumn>} Column
 */

/**
 * @param {ModelCard} card
 * @param {Texts} t
 * @param {() => void} onAgain other networks vote
 */
export function createVotesSheet(card, t, onAgain) {
  const labels = card.classes[t.language] ?? card.classes.en;
  const labelOf = (/** @type {string} */ name) => labels[card.classes.en.indexOf(name)] ?? name;
  const parts = build(labels, t, onAgain);
  /** @type {VotesExplained | null} */
  let shown = null;

  /** @param {VotesExplained} answer */
  function show(answer) {
    const { classes, probabilities } = answer;
    const tokens = tokensByClass(probabilities.values, classes.length);
    for (const [i, column] of parts.columns.entries()) {
      paintColumn(column, { ...classes[i], label: labelOf(classes[i].label) }, t);
      column.tokens.replaceChildren(...tokens[i].map((sureness) => buildToken(labels[i], sureness, t)));
    }
    parts.verdict.textContent = verdictWords(answer, labelOf, t);
    parts.dropout.textContent = dropoutWords(answer, t);
  }

  return {
    element: parts.whole,
    /** @type {(content: {answer: VotesExplained | null, fresh: boolean, trouble: string, empty: boolean}) => void} `empty`: there is no image */
    update({ answer, fresh, trouble, empty }) {
      if (answer && answer !== shown) show(answer);
      shown = answer;
      for (const each of [parts.side, parts.plot, parts.verdict, parts.dropout]) each.hidden = !answer;
      parts.plot.toggleAttribute("data-old", !fresh);
      parts.again.setAttribute("aria-disabled", String(!fresh));
      parts.trouble.textContent = trouble || (empty ? t("votes.none") : "");
    },
  };
}

/** @param {string[]} labels @param {Texts} t @param {() => void} onAgain */
function build(labels, t, onAgain) {
  const columns = labels.map(buildColumn);
  const items = columns.map(({ item }) => item);
  const plot = element("ol", { class: "votes-plot", "aria-label": t("votes.title") }, ...items);
  const names = [t("votes.whole"), t("votes.mean"), t("votes.deviation")];
  const heads = names.map((name) => element("span", { class: "votes-figure" }, name));
  const side = element("div", { class: "votes-heads", "aria-hidden": "true" }, ...heads);
  const verdict = element("h3", { "aria-live": "polite" });
  const dropout = element("p");
  const again = element("button", { type: "button", class: "control small" }, t("votes.again"));
  again.addEventListener("click", onAgain);
  const trouble = element("p", { class: "sheet-trouble", role: "status" });
  const meaning = element("p", {}, t("votes.meaning"));
  const words = element("div", { class: "votes-words" }, verdict, dropout, meaning, again, trouble);
  const whole = element("div", { class: "votes" }, side, plot, words);
  return { columns, plot, side, verdict, dropout, again, trouble, whole };
}

/** @param {string} label */
function buildColumn(label) {
  const count = element("span", { class: "votes-count" });
  const tokens = element("span", { class: "tokens", "aria-hidden": "true" });
  const name = element("span", { class: "votes-label" }, label);
  const [whole, mean, deviation] = [0, 1, 2].map(() => element("span", { class: "votes-figure" }));
  const item = element("li", {}, count, tokens, name, whole, mean, deviation);
  return { item, count, tokens, whole, mean, deviation };
}

/** @type {(number: number, t: Texts) => string} */
const share = (number, t) => formatPercent(number, t.language, 1);

/** @type {(label: string, sureness: number, t: Texts) => HTMLElement} */
function buildToken(label, sureness, t) {
  const token = element("span", { class: "token", title: `${label} ${share(sureness, t)}` });
  token.style.setProperty("--sure", sureness.toFixed(3));
  return token;
}

/** @type {(column: Column, found: VotesExplained["classes"][number], t: Texts) => void} */
function paintColumn({ item, count, whole, mean, deviation }, found, t) {
  const { label, votes } = found;
  count.textContent = votes ? formatCount(votes, t.language) : "\u00a0";
  whole.textContent = share(found.probability, t);
  mean.textContent = share(found.mean, t);
  deviation.textContent = `± ${share(found.deviation, t)}`;
  item.toggleAttribute("data-voted", votes > 0);
  const figures = {
    probability: share(found.probability, t),
    mean: share(found.mean, t),
    deviation: share(found.deviation, t),
  };
  item.setAttribute("aria-label", t("votes.spoken", { label, votes, count: votes, ...figures }));
}

/** @type {(answer: VotesExplained, labelOf: (name: string) => string, t: Texts) => string} */
function verdictWords({ classes, samples }, labelOf, t) {
  const most = classes.reduce((one, other) => (other.votes > one.votes ? other : one));
  return t("votes.verdict", { votes: most.votes, samples, label: labelOf(most.label) });
}

/** @type {(answer: VotesExplained, t: Texts) => string} one rate for all layers, or each with its own */
function dropoutWords({ dropout }, t) {
  const rateOf = (/** @type {number} */ rate) => formatPercent(rate, t.language, 0);
  const titles = dropout.map(({ layer }) => layerTitle(layer, t));
  if (new Set(dropout.map(({ rate }) => rate)).size > 1) {
    const named = titles.map((title, i) => `${title} ${rateOf(dropout[i].rate)}`);
    return t("votes.dropout.each", { layers: named.join(", ") });
  }
  return t("votes.dropout", { rate: rateOf(dropout[0]?.rate ?? 0), layers: titles.join(", ") });
}
