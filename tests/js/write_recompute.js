// Reads what the page knows of a unit from standard input as JSON, and writes the lines that it offers. test_recompute.py runs them.
import { readFileSync } from "node:fs";

import { recomputeCode } from "../../static/js/lib/explain/recompute.js";

process.stdout.write(recomputeCode(JSON.parse(readFileSync(0, "utf-8"))));
