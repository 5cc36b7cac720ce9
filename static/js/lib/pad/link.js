/**
 * A drawing and the view of it as text for an address, so that a link needs no storage on the server.
 */

import { parseDrawing } from "./drawing.js";

/**
 * @typedef {import("./drawing.js").Stroke} Stroke
 * @typedef {{state: Record<string, unknown>, strokes: Stroke[]}} Linked
 */

const KEY = "drawing";
const DECIMALS = 10; // a tenth of the pad's pixel

/**
 * @param {Linked} linked
 * @returns {Promise<string>} the part of an address behind its `#`
 */
export async function encodeLink({ state, strokes }) {
  const acts = strokes.map((stroke) => ({
    ...stroke,
    points: stroke.points.map((part) => Math.round(part * DECIMALS) / DECIMALS),
  }));
  const bytes = new TextEncoder().encode(JSON.stringify({ state, acts }));
  const packed = await through(bytes, new CompressionStream("deflate-raw"));
  const letters = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  return `${KEY}=${letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/**
 * @param {string} fragment of an address, with or without its `#`
 * @returns {Promise<{state: unknown, drawing: import("./drawing.js").Drawing} | null>} null where it holds no drawing
 */
export async function decodeLink(fragment) {
  const packed = new URLSearchParams(fragment.replace(/^#/, "")).get(KEY);
  if (!packed) return null;
  try {
    const letters = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = await through(
      Uint8Array.from(letters, (letter) => letter.charCodeAt(0)),
      new DecompressionStream("deflate-raw"),
    );
    const { state, acts } = JSON.parse(new TextDecoder().decode(bytes));
    return { state, drawing: parseDrawing({ acts }) };
  } catch {
    return null; // cut off or changed on its way
  }
}

/** @type {(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) => Promise<Uint8Array>} */
async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
