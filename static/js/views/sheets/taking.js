/**
 * Saves a file for the visitor, and copies a text to the clipboard.
 */

import { element } from "../parts/dom.js";

/**
 * @param {Blob} blob
 * @param {string} name of the file
 */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // a browser may read it only once the visitor has said where to
}

/** @type {(canvas: HTMLCanvasElement, name: string) => void} */
export function downloadPicture(canvas, name) {
  canvas.toBlob((blob) => blob && download(blob, name), "image/png");
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text); // a page that did not come over HTTPS has no clipboard to write to
  }
}

/** @type {(text: string) => boolean} */
function copySelected(text) {
  const focused = document.activeElement;
  const field = element("textarea", { class: "visually-hidden", readonly: "" }, text);
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
