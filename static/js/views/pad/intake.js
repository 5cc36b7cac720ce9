/**
 * Pictures that come in: by a button, dropped anywhere, pasted, from a phone's camera. Large ones are made smaller.
 */

import { context2d, element } from "../parts/dom.js";

const LONGEST_SIDE_PX = 640;
const JPEG_QUALITY = 0.92;

/**
 * @param {File | Blob} file
 * @returns {Promise<Blob>} the same picture, small enough to travel; what this browser cannot read is left to the server
 */
export async function shrink(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  const scale = bitmap ? LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height) : 1;
  if (!bitmap || scale >= 1) return file;
  const canvas = element("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = context2d(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/png"; // anything else may have an alpha channel
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), type, JPEG_QUALITY));
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>} as text, to be kept
 */
export function dataUrlOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

/**
 * @param {unknown} kept a data URL; read by hand, because the page's policy lets it fetch nothing but its server
 * @returns {Blob | null}
 */
export function blobOfDataUrl(kept) {
  const [, type, body] = /^data:([^;,]*);base64,(.*)$/.exec(typeof kept === "string" ? kept : "") ?? [];
  if (body === undefined) return null;
  return new Blob([Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0))], { type });
}

/**
 * @param {HTMLInputElement[]} inputs file inputs
 * @param {{onFile: (file: File) => void, onDragging: (dragging: boolean) => void}} options
 */
export function listenForPictures(inputs, { onFile, onDragging }) {
  const listening = new AbortController();
  const { signal } = listening;
  /** @param {FileList | null | undefined} files */
  const take = (files) => files?.[0] && onFile(files[0]);

  for (const input of inputs) {
    input.addEventListener(
      "change",
      () => {
        take(input.files);
        input.value = ""; // so that the same file can be chosen again
      },
      { signal },
    );
  }
  addEventListener(
    "dragover",
    (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      onDragging(true);
    },
    { signal },
  );
  addEventListener("dragleave", (event) => event.relatedTarget === null && onDragging(false), { signal });
  addEventListener(
    "drop",
    (event) => {
      event.preventDefault();
      onDragging(false);
      take(event.dataTransfer?.files);
    },
    { signal },
  );
  addEventListener("paste", (event) => take(event.clipboardData?.files), { signal });

  return { destroy: () => listening.abort() };
}
