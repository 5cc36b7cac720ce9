import assert from "node:assert/strict";
import { test } from "node:test";

import { formatCount, formatPercent, formatShape, formatValue } from "../../static/js/lib/screen/format.js";

test("thousands are set apart by thin spaces in both languages", () => {
  assert.equal(formatCount(932362, "en"), "932\u2009362");
  assert.equal(formatCount(512, "pl"), "512");
  assert.equal(formatCount(1250858, "pl"), "1\u2009250\u2009858");
});

test("values have four significant digits, a real minus and the language's decimal mark", () => {
  assert.equal(formatValue(-3.14049, "en"), "−3.140");
  assert.equal(formatValue(-3.14049, "pl"), "−3,140");
  assert.equal(formatValue(12345.6, "en"), "12\u2009346");
  assert.equal(formatValue(-1234.5, "en"), "−1\u2009235");
});

test("zero has no sign, whichever zero it is", () => {
  assert.equal(formatValue(0, "en"), "0");
  assert.equal(formatValue(-0, "en"), "0");
});

test("what is too small for decimals gets a power of ten", () => {
  assert.equal(formatValue(-0.0000123456, "en"), "−1.235\u2009·\u200910⁻⁵");
});

test("what is no number is a dash", () => {
  assert.equal(formatValue(NaN, "en"), "–");
  assert.equal(formatValue(Infinity, "en"), "–");
});

test("percents are written as the language writes them", () => {
  assert.equal(formatPercent(0.9984, "en"), "99.84%");
  assert.equal(formatPercent(0.9984, "pl"), "99,84\u00a0%");
});

test("a shape is its sizes with crosses between", () => {
  assert.equal(formatShape([32, 32, 3], "en"), "32\u00a0×\u00a032\u00a0×\u00a03");
});
