/**
 * The lines that compute a number again, to be read and copied, and the image that they need, to be saved.
 */

import { element } from "../parts/dom.js";

/**
 * @param {HTMLElement} host
 * @param {import("../../lib/screen/i18n.js").Texts} t
 */
export function createRecomputeDialog(host, t) {
  const code = element("code");
  const text = element("pre", { tabindex: "0", "aria-label": t("recompute.title") }, code);
  const copy = element("button", { type: "button", class: "control" }, t("recompute.copy"));
  const save = element("a", { class: "control" }, t("recompute.save"));
  const close = element("button", { type: "button", class: "control" }, t("recompute.close"));
  const said = element("span", { role: "status" });
  const dialog = host.appendChild(
    element(
      "dialog",
      { class: "recompute", "aria-label": t("recompute.title") },
      element("h2", {}, t("recompute.title")),
      element("p", {}, t("recompute.how")),
      text,
      element("div", { class: "row" }, copy, save, said, close),
    ),
  );
  let address = "";

  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // the page's keys mean the page
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => URL.revokeObjectURL(address));
  copy.addEventListener("click", async () => {
    const copied = await navigator.clipboard?.writeText(code.textContent ?? "").then(
      () => true,
      () => false,
    ); // none without https
    if (!copied) getSelection()?.selectAllChildren(code);
    said.textContent = t(copied ? "recompute.copied" : "recompute.selected");
  });

  return {
    /** @type {(shown: {words: string, image: Blob, file: string}) => void} */
    open({ words, image, file }) {
      code.textContent = words;
      said.textContent = "";
      address = URL.createObjectURL(image);
      save.href = address;
      save.download = file;
      dialog.showModal();
    },
    destroy: () => dialog.remove(),
  };
}
