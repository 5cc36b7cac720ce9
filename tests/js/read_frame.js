// Reads a frame from standard input and writes what the page sees in it as JSON. test_borders.py runs it.
import { readFileSync } from "node:fs";

import { parseFrame } from "../../static/js/lib/api/wire.js";

const bytes = readFileSync(0);
const { answer, tensors } = parseFrame(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const seen = [...tensors].map(([name, { shape, values }]) => [name, { shape, values: [...values] }]);
process.stdout.write(JSON.stringify({ answer, tensors: Object.fromEntries(seen) }));
