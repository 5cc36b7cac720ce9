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
 * @typedef {import("../../../lib/network/csv.js").WholeLayer} WholeLayer
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
  create({ card, t, redraw, makeLink }) {
    let layers = ALL;
    let said = "";
    /** @type {Lab | null} */
    let lab = null;

    const layer = createNamedSelect(
      t("take.of"),
      [[ALL, t("take.all")], ...card.layers.slice(1).map(({ name }) => [name, layerTitle(name, t)])],
      (chosen) => {
        layers = chosen;
        redraw();
      },
    );
    /** @type {(words: string, act: () => void | Promise<void>) => HTMLButtonElement} */
    const button = (words, act) => {
      const made = element("button", { type: "button", class: "control" }, words);
      made.addEventListener("click", async () => {
        said = "";
        await Promise.resolve(act()).catch((trouble) => {
          said = troubleWords(trouble, t);
        });
        redraw();
      });
      return made;
    };

    const file = button(t("take.image"), () => {
      if (lab?.question) download(lab.question.body, imageName(lab.question.body));
    });
    const command = element("pre", { class: "command", tabindex: "0" });
    const status = element("p", { class: "hint", role: "status" });
    const link = button(t("take.link"), copyLink);
    const needAnswer = [
      button("PNG", takePicture),
      ...FORMATS.map((format) => button(format === "npz" ? format : format.toUpperCase(), () => takeNumbers(format))),
      file,
      button(t("take.copy"), () => copy(command.textContent ?? "")),
      link,
    ];
    const [png, csv, json, npz, , copyCommand] = needAnswer;
    const group = (/** @type {string} */ title, /** @type {HTMLElement[]} */ ...rows) =>
      element("section", { class: "take-group" }, element("h3", {}, title), ...rows);
    const row = (/** @type {HTMLElement[]} */ ...parts) => element("div", { class: "take-row" }, ...parts);
    const whole = element(
      "div",
      { class: "take" },
      group(t("take.layers"), layer.element, row(png, csv, json, npz), status),
      group(t("take.call"), command, row(copyCommand, file)),
      group(t("take.drawing"), element("p", { class: "hint" }, t("take.link.how")), row(link)),
    );

    function takePicture() {
      if (!lab) return;
      const canvas =
        layers === ALL ? null : document.querySelector(`.panel[data-layer="${CSS.escape(layers)}"] canvas`);
      const picture = canvas instanceof HTMLCanvasElement ? canvas : pictureOf(part("stage"), lab.palette);
      downloadPicture(picture, `${card.name}-${layers === ALL ? "layers" : layers}.png`);
    }

    /** @param {typeof FORMATS[number]} format */
    async function takeNumbers(format) {
      if (!lab?.question) return;
      const answer = await fetchAnswer(lab.question, { layers, format: format === "npz" ? format : "json" });
      const name = `${card.name}-${layers === ALL ? "layers" : layers}.${format}`;
      if (format !== "csv") return download(await answer.blob(), name);
      const whole = /** @type {WholeLayer[]} */ ((await answer.json()).layers).filter(
        ({ activation }) => activation.values,
      );
      download(new Blob([layersCsv(whole)], { type: "text/csv" }), name);
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

    return {
      element: whole,
      update(next) {
        if (next.question !== lab?.question) said = "";
        lab = next;
        layer.update(layers);
        for (const each of needAnswer) each.disabled = !next.question;
        command.textContent = next.question ? commandOf(next.question, layers) : t("take.empty");
        status.textContent = said;
      },
    };
  },
};

/** @type {(body: Blob) => string} the name under which the image is kept, so that the command finds it */
const imageName = (body) => (body instanceof File ? body.name : `drawing.${EXTENSIONS.get(body.type) ?? "img"}`);

/** @type {(question: NonNullable<Lab["question"]>, layers: string) => string} */
function commandOf(question, layers) {
  const query = questionQuery(question, { layers, ...question.experiment });
  const name = imageName(question.body).replaceAll("'", `'\\''`);
  return `curl --data-binary '@${name}' \\\n  -H 'Content-Type: application/octet-stream' \\\n  '${location.origin}/predict?${query}'`;
}
