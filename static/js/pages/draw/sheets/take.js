/**
 * Take it along: the layers as pictures and as numbers, the call that gives the same, and a link to this very drawing.
 */

import { fetchAnswer, questionQuery } from "../../../lib/api/api.js";
import { layersCsv } from "../../../lib/network/csv.js";
import { layerTitle } from "../../../lib/network/names.js";
import { pictureOf } from "../../../views/layers/stage-picture.js";
import { createNamedSelect } from "../../../views/parts/choices.js";
import { element, part } from "../../../views/parts/dom.js";
import { copyText, download, downloadPicture } from "../../../views/sheets/taking.js";
import { troubleWords } from "../../shared/notice.js";

/**
 * @typedef {import("../types.js").Lab} Lab
 * @typedef {import("../types.js").Tools} Tools
 * @typedef {import("../../../lib/network/csv.js").WholeLayer} WholeLayer
 * @typedef {typeof FORMATS[number]} Format
 */

const ALL = "full";
const FORMATS = /** @type {const} */ (["csv", "json", "npz"]);
const EXTENSIONS = new Map([
  ["image/bmp", "bmp"],
  ["image/png", "png"],
  ["image/jpeg", "jpg"],
  ["image/webp", "webp"],
  ["image/gif", "gif"],
]);

/** @type {import("../types.js").SheetKind} */
export const take = {
  name: "take",
  about: "image",
  fits: () => true,
  create,
};

/** @param {Tools} tools */
function create(tools) {
  const { card, t, redraw, makeLink } = tools;
  let layers = ALL;
  let said = "";
  /** @type {Lab | null} */
  let lab = null;

  /** @type {(act: () => void | Promise<void>) => Promise<void>} what goes wrong is said on the sheet */
  async function attempt(act) {
    said = "";
    await Promise.resolve(act()).catch((trouble) => {
      said = troubleWords(trouble, t);
    });
    redraw();
  }

  /** @param {string} text */
  async function copy(text) {
    said = (await copyText(text)) ? t("take.copied") : t("take.uncopied");
  }

  async function copyLink() {
    const address = await makeLink();
    if (address) await copy(address);
    else said = t("take.link.none");
  }

  const parts = build(tools, attempt, {
    onLayers(chosen) {
      layers = chosen;
      redraw();
    },
    takePicture: () => lab && savePicture(card.name, layers, lab.palette),
    takeNumbers: (format) => (lab?.question ? saveNumbers(card.name, layers, format, lab.question) : undefined),
    takeImage: () => lab?.question && download(lab.question.body, imageName(lab.question.body)),
    copyCommand: () => copy(parts.command.textContent ?? ""),
    copyLink,
  });

  return {
    element: parts.whole,
    update(/** @type {Lab} */ next) {
      if (next.question !== lab?.question) said = "";
      lab = next;
      parts.layer.update(layers);
      for (const each of parts.buttons) each.disabled = !next.question;
      parts.command.textContent = next.question ? commandOf(next.question, layers) : t("take.empty");
      parts.status.textContent = said;
    },
  };
}

/**
 * @param {Tools} tools
 * @param {(act: () => void | Promise<void>) => Promise<void>} attempt
 * @param {object} acts
 * @param {(layers: string) => void} acts.onLayers
 * @param {() => void} acts.takePicture
 * @param {(format: Format) => Promise<void> | undefined} acts.takeNumbers
 * @param {() => void} acts.takeImage
 * @param {() => Promise<void>} acts.copyCommand
 * @param {() => Promise<void>} acts.copyLink
 * @returns {{layer: ReturnType<typeof createNamedSelect>, command: HTMLElement, status: HTMLElement, buttons: HTMLButtonElement[], whole: HTMLElement}}
 */
function build({ card, t }, attempt, acts) {
  const button = (/** @type {string} */ words, /** @type {() => void | Promise<void>} */ act) => {
    const made = element("button", { type: "button", class: "control" }, words);
    made.addEventListener("click", () => attempt(act));
    return made;
  };
  const titles = card.layers.slice(1).map(({ name }) => [name, layerTitle(name, t)]);
  const layer = createNamedSelect(t("take.of"), [[ALL, t("take.all")], ...titles], acts.onLayers);
  const numbers = FORMATS.map((format) =>
    button(format === "npz" ? format : format.toUpperCase(), () => acts.takeNumbers(format)),
  );
  const layerButtons = [button("PNG", acts.takePicture), ...numbers];
  const callButtons = [button(t("take.copy"), acts.copyCommand), button(t("take.image"), acts.takeImage)];
  const link = button(t("take.link"), acts.copyLink);
  const command = element("pre", { class: "command", tabindex: "0" });
  const status = element("p", { class: "hint", role: "status" });
  const how = element("p", { class: "hint" }, t("take.link.how"));
  const whole = element(
    "div",
    { class: "take" },
    group(t("take.layers"), layer.element, row(...layerButtons), status),
    group(t("take.call"), command, row(...callButtons)),
    group(t("take.drawing"), how, row(link)),
  );
  return { layer, command, status, buttons: [...layerButtons, ...callButtons, link], whole };
}

/** @type {(title: string, ...rows: HTMLElement[]) => HTMLElement} */
const group = (title, ...rows) => element("section", { class: "take-group" }, element("h3", {}, title), ...rows);

/** @type {(...parts: HTMLElement[]) => HTMLElement} */
const row = (...parts) => element("div", { class: "take-row" }, ...parts);

/** @type {(model: string, layers: string, extension: string) => string} */
const fileName = (model, layers, extension) => `${model}-${layers === ALL ? "layers" : layers}.${extension}`;

/** @type {(model: string, layers: string, palette: Lab["palette"]) => void} one layer's canvas as it is, or all of them with their words */
function savePicture(model, layers, palette) {
  const canvas = layers === ALL ? null : document.querySelector(`.panel[data-layer="${CSS.escape(layers)}"] canvas`);
  const picture = canvas instanceof HTMLCanvasElement ? canvas : pictureOf(part("stage"), palette);
  downloadPicture(picture, fileName(model, layers, "png"));
}

/** @type {(model: string, layers: string, format: Format, question: NonNullable<Lab["question"]>) => Promise<void>} */
async function saveNumbers(model, layers, format, question) {
  const answer = await fetchAnswer(question, { layers, format: format === "npz" ? format : "json" });
  const name = fileName(model, layers, format);
  if (format !== "csv") return download(await answer.blob(), name);
  const { layers: found } = await answer.json();
  const whole = /** @type {WholeLayer[]} */ (found).filter(({ activation }) => activation.values);
  download(new Blob([layersCsv(whole)], { type: "text/csv" }), name);
}

/** @type {(body: Blob) => string} the name under which the image is kept, so that the command finds it */
const imageName = (body) => (body instanceof File ? body.name : `drawing.${EXTENSIONS.get(body.type) ?? "img"}`);

/** @type {(question: NonNullable<Lab["question"]>, layers: string) => string} */
function commandOf(question, layers) {
  const query = questionQuery(question, { layers, ...question.experiment });
  const name = imageName(question.body).replaceAll("'", `'\\''`);
  return `curl --data-binary '@${name}' \\\n  -H 'Content-Type: application/octet-stream' \\\n  '${location.origin}/predict?${query}'`;
}
