/**
 * The picture that stands in the pad's place.
 */

import { element } from "./dom.js";

const TINY_PX = 64; // smaller pictures are shown as the squares that they are

/**
 * @param {HTMLElement} host
 * @param {{alt: string}} options
 */
export function createPicture(host, { alt }) {
  const image = element("img", { alt, draggable: "false" });
  image.hidden = true;
  host.prepend(image);
  let address = "";
  /** @type {Blob | null} */
  let shown = null;

  image.addEventListener("load", () => {
    image.classList.toggle("tiny", Math.max(image.naturalWidth, image.naturalHeight) <= TINY_PX);
    image.hidden = false;
  });
  image.addEventListener("error", () => {
    image.hidden = true; // a kind that this browser does not show; the server may still read it
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
      image.hidden = true;
    },
  };
}
