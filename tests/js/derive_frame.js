// Reads a frame whose answer carries the network's card, and writes what the page derives from it. test_borders.py runs it.
import { readFileSync } from "node:fs";
import { parseFrame } from "../../static/js/lib/api/wire.js";
import { deriveReadings } from "../../static/js/lib/network/derive.js";

const bytes = readFileSync(0);
const frame = parseFrame(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const readings = deriveReadings(frame.answer.card, frame);
process.stdout.write(
  JSON.stringify(Object.fromEntries([...readings].map(([name, { after }]) => [name, [...after.values]]))),
);
