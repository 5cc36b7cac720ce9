/**
 * The picture that stands in the pad's place; where the browser cannot show it, what the network sees of it.
 */

import { inputPixels } from "../../lib/screen/colormaps.js";
import { context2d, element, imageOf, sizeCanvas } from "../parts/dom.js";

/** @typedef {import("../../lib/api/types.js").Tensor} Tensor */

const TINY_PX = 64; // smaller pictures are shown as the squares that they are

/**
 * @param {HTMLElement} host
 * @param {{alt: string, onUnshown: (unshown: boolean) => void}} options `onUnshown`: whether the browser cannot show the picture
 */
export function createPicture(host, { alt, onUnshown }) {
  const image = element("img", { alt, draggable: "false" });
  const stand = element("canvas", { class: "tiny", role: "img", "aria-label": alt });
  const context = context2d(stand);
  host.prepend(image, stand);
  image.hidden = stand.hidden = true;
  let address = "";
  let unshown = false;
  /** @type {Blob | null} */
  let shown = null;

  image.addEventListener("load", () => {
    image.classList.toggle("tiny", Math.max(image.naturalWidth, image.naturalHeight) <= TINY_PX);
    image.hidden = false;
  });
  image.addEventListener("error", () => {
    if (!shown) return;
    unshown = true;
    onUnshown(true);
  });

  return {
    /** @param {Blob | null} blob */
    update(blob) {
      if (blob === shown) return;
      shown = blob;
      if (address) URL.revokeObjectURL(address);
      address = blob ? URL.createObjectURL(blob) : "";
      if (address) image.src = address;
      else image.removeAttribute("src");
      image.hidden = stand.hidden = true;
      unshown = false;
      onUnshown(false);
    },
    /** @param {Tensor | null} tensor what the network sees of this picture */
    see(tensor) {
      stand.hidden = !unshown || !tensor;
      if (stand.hidden || !tensor) return;
      const [rows, columns] = tensor.shape;
      sizeCanvas(stand, columns, rows);
      context.putImageData(imageOf(inputPixels(tensor), columns, rows), 0, 0);
    },
  };
}
