/**
 * The frame format: `LSF1`, a header's length, a JSON header, then tensors as signed bytes with a scale each.
 *
 * A value is its byte times the tensor's scale, so that zero stays exactly zero.
 */

/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./types.js").Tensor} Tensor */

const MAGIC = "LSF1";
const PREFIX_BYTES = 8;

/**
 * @param {ArrayBuffer} buffer a whole `application/vnd.layerscope.frame` body
 * @returns {Frame}
 * @throws {RangeError} if it is no frame, or is cut short
 */
export function parseFrame(buffer) {
  if (buffer.byteLength < PREFIX_BYTES) throw new RangeError("a frame has at least eight bytes");
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== MAGIC) throw new RangeError("a frame begins with LSF1");
  const payloadStart = PREFIX_BYTES + new DataView(buffer).getUint32(4, true);
  if (payloadStart > buffer.byteLength) throw new RangeError("the frame ends within its header");
  const header = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, PREFIX_BYTES, payloadStart - PREFIX_BYTES)),
  );
  /** @type {Map<string, Tensor>} */
  const tensors = new Map();
  for (const { name, shape, offset, length, scale } of header.tensors) {
    tensors.set(name, { shape, values: dequantise(new Int8Array(buffer, payloadStart + offset, length), scale) });
  }
  return { answer: header.answer, tensors };
}

/**
 * @param {Int8Array} bytes
 * @param {number} scale
 * @returns {Float32Array}
 */
function dequantise(bytes, scale) {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = bytes[i] * scale;
  return values;
}
