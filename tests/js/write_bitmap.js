// Writes a bitmap of 3 × 2 pixels to standard output, "grey" or "colour". test_borders.py runs it.
import { colourBmp, greyBmp } from "../../static/js/lib/pad/bmp.js";

const GREY = Uint8Array.of(0, 50, 100, 150, 200, 250);
const COLOUR = [...GREY].flatMap((level) => [level, 255 - level, 7, 255]);

process.stdout.write(
  process.argv[2] === "grey" ? greyBmp(GREY, 3, 2) : colourBmp(Uint8ClampedArray.from(COLOUR), 3, 2),
);
