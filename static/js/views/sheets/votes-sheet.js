/**
 * Fifty thinned networks, each as one token over the class that it votes for, beside what the whole network answers.
 */

import { tokensByClass } from "../../lib/explain/votes.js";
import { layerTitle } from "../../lib/network/names.js";
import { formatCount, formatPercent } from "../../lib/screen/format.js";
import { element } from "../parts/dom.js";

/**
 * @typedef {import("../../lib/api/types.js").VotesExplained} VotesExplained
 */

/**
 * @param {import("../../lib/api/types.js").ModelCard} card
 * @param {import("../../lib/screen/i18n.js").Texts} t
 * @param {() => void} onAgain other networks are to vote
 */
export function createVotesSheet(card, t, onAgain) {
  const { language } = t;
  const labels = card.classes[language] ?? card.classes.en;
  const share = (/** @type {number} */ number) => formatPercent(number, language, 1);
  const columns = labels.map((label) => {
    const tokens = element("span", { class: "tokens", "aria-hidden": "true" });
    const [count, whole, mean, deviation] = ["votes-count", "votes-figure", "votes-figure", "votes-figure"].map(
      (name) => element("span", { class: name }),
    );
    const name = element("span", { class: "votes-label" }, label);
    return {
      column: element("li", {}, count, tokens, name, whole, mean, deviation),
      count,
      tokens,
      whole,
      mean,
      deviation,
    };
  });
  const heads = ["whole", "mean", "deviation"].map((each) =>
    element("span", { class: "votes-figure" }, t(`votes.${each}`)),
  );
  const plot = element(
    "ol",
    { class: "votes-plot", "aria-label": t("votes.title") },
    ...columns.map(({ column }) => column),
  );
  const side = element("div", { class: "votes-heads", "aria-hidden": "true" }, ...heads);

  const verdict = element("h3", { "aria-live": "polite" });
  const dropout = element("p");
  const again = element("button", { type: "button", class: "control small" }, t("votes.again"));
  again.addEventListener("click", onAgain);
  const trouble = element("p", { class: "sheet-trouble", role: "status" });
  const words = element(
    "div",
    { class: "votes-words" },
    verdict,
    dropout,
    element("p", {}, t("votes.meaning")),
    again,
    trouble,
  );
  const whole = element("div", { class: "votes" }, side, plot, words);
  /** @type {VotesExplained | null} */
  let shown = null;

  /** @param {VotesExplained} answer */
  function show({ classes, probabilities, samples, dropout: layers }) {
    const tokens = tokensByClass(probabilities.values, classes.length);
    columns.forEach((each, i) => {
      const { label, votes, probability, mean, deviation } = classes[i];
      each.tokens.replaceChildren(
        ...tokens[i].map((sureness) => {
          const token = element("span", { class: "token", title: `${labels[i]} ${share(sureness)}` });
          token.style.setProperty("--sure", sureness.toFixed(3));
          return token;
        }),
      );
      each.count.textContent = votes ? formatCount(votes, language) : "\u00a0";
      each.whole.textContent = share(probability);
      each.mean.textContent = share(mean);
      each.deviation.textContent = `± ${share(deviation)}`;
      each.column.toggleAttribute("data-voted", votes > 0);
      each.column.setAttribute(
        "aria-label",
        t("votes.spoken", {
          label: labels[card.classes.en.indexOf(label)] ?? label,
          votes,
          count: votes,
          probability: share(probability),
          mean: share(mean),
          deviation: share(deviation),
        }),
      );
    });
    const most = classes.reduce((one, other) => (other.votes > one.votes ? other : one));
    const rates = new Set(layers.map(({ rate }) => rate));
    const named = layers.map(({ layer, rate }) =>
      rates.size > 1 ? `${layerTitle(layer, t)} ${formatPercent(rate, language, 0)}` : layerTitle(layer, t),
    );
    verdict.textContent = t("votes.verdict", {
      votes: most.votes,
      samples,
      label: labels[card.classes.en.indexOf(most.label)] ?? most.label,
    });
    dropout.textContent =
      rates.size > 1
        ? t("votes.dropout.each", { layers: named.join(", ") })
        : t("votes.dropout", { rate: formatPercent(layers[0]?.rate ?? 0, language, 0), layers: named.join(", ") });
  }

  return {
    element: whole,
    /** @type {(content: {answer: VotesExplained | null, fresh: boolean, trouble: string, empty: boolean}) => void} `empty`: there is no image */
    update({ answer, fresh, trouble: said, empty }) {
      if (answer && answer !== shown) show(answer);
      shown = answer;
      for (const each of [side, plot, verdict, dropout]) each.hidden = !answer;
      plot.toggleAttribute("data-old", !fresh);
      again.setAttribute("aria-disabled", String(!fresh));
      trouble.textContent = said || (empty ? t("votes.none") : "");
    },
  };
}
