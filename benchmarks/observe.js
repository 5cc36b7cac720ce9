/**
 * What a page does between the pen's last event and the frame that shows its answer, seen from outside.
 *
 * It runs before the page's own scripts and listens in on three things of the browser: requests for frames (`fetch`),
 * drawing on canvases, and changes of the bars. The page knows nothing of it. All times are milliseconds of
 * `performance.now()`, those of pointer events too.
 */

(() => {
  const SETTLED_FRAMES = 3; // so long nothing is on its way and nothing more is asked

  /**
   * A question is `{body, sent, answered, drawn, shown, reply, canvases, bars}`: the image, when it left, when the whole
   * answer was there, when its last picture was drawn, when the frame after that began, and what was drawn since.
   */
  let questions = [];
  let answered = null; // the newest question that has its answer
  let onTheirWay = 0;
  let most = 0;
  let stroke = null; // {up, needed}: when the pen left the pad, and the canvases that show the layers
  let closing = 0;
  let raster = null; // the canvas that the page reads its drawing from

  const contexts = CanvasRenderingContext2D.prototype;
  const read = contexts.getImageData;

  const visible = (canvas) => canvas.getClientRects().length > 0;
  const layers = () => [...document.querySelectorAll("[data-layer] canvas")].filter(visible);

  /* What is asked, and when its answer is there */

  const request = window.fetch;
  window.fetch = async (resource, init) => {
    if (!/\/predict\?.*format=frame/.test(String(resource))) return request(resource, init);
    const question = { body: init.body, sent: performance.now(), canvases: new Set(), bars: false, shown: 0 };
    questions.push(question);
    most = Math.max(most, ++onTheirWay);
    let open = true;
    const close = () => {
      if (open) onTheirWay -= 1;
      open = false;
    };
    init.signal?.addEventListener("abort", close);
    try {
      const response = await request(resource, init);
      question.status = response.status;
      if (!response.ok) {
        close();
        return response;
      }
      response.arrayBuffer = async () => {
        question.reply = await Response.prototype.arrayBuffer.call(response);
        question.answered = performance.now();
        answered = question;
        close();
        return question.reply;
      };
      return response;
    } catch (error) {
      close();
      throw error;
    }
  };

  /* What is drawn of it, and when the frame that holds it is over */

  /** The frame that shows it is over where the next one begins. */
  function noteDrawing() {
    const question = answered;
    if (!question) return;
    question.drawn = performance.now();
    closing ||= requestAnimationFrame(() => {
      closing = 0;
      const complete = question.bars && stroke?.needed.every((canvas) => question.canvases.has(canvas));
      if (complete) question.shown ||= performance.now();
    });
  }

  for (const name of ["drawImage", "putImageData"]) {
    const draw = contexts[name];
    contexts[name] = function (...given) {
      draw.apply(this, given);
      if (!answered || answered.shown) return;
      answered.canvases.add(this.canvas);
      noteDrawing();
    };
  }
  contexts.getImageData = function (...given) {
    raster = this.canvas;
    return read.apply(this, given);
  };
  document.addEventListener("DOMContentLoaded", () => {
    const bars = document.querySelector("[data-part=bars]");
    new MutationObserver(() => {
      if (!answered || answered.shown) return;
      answered.bars = true;
      noteDrawing();
    }).observe(bars, { subtree: true, childList: true, characterData: true, attributes: true });
  });

  /* A stroke */

  window.addEventListener("pointerdown", () => {
    questions = [];
    most = onTheirWay;
    stroke = { up: 0, needed: layers() };
  }, { capture: true });
  window.addEventListener("pointerup", (event) => {
    if (stroke) stroke.up = event.timeStamp;
  }, { capture: true });

  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const base64 = (content) => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(new Blob([content]));
  });

  /** @returns whether the last stroke is over, and its newest question is answered and shown */
  const settled = () => stroke.up > 0 && onTheirWay === 0 && questions.length > 0 && questions.at(-1).shown > 0;

  window.observed = {
    /** Wait until a stroke's last question is shown, and tell of it; null where that has not happened after `patience` ms. */
    async stroke(patience) {
      const until = performance.now() + patience;
      for (let still = 0; still < SETTLED_FRAMES; still = settled() ? still + 1 : 0) {
        if (performance.now() > until) return null;
        await frame();
      }
      const last = questions.at(-1);
      const { width, height } = raster;
      return {
        up: stroke.up, sent: last.sent, answered: last.answered, drawn: last.drawn, shown: last.shown,
        asked: questions.length, most, layers: stroke.needed.length,
        bars: [...document.querySelectorAll("[data-part=bars] .bar-number")].map((each) => each.textContent),
        body: await base64(last.body), reply: await base64(last.reply),
        raster: await base64(read.call(raster.getContext("2d"), 0, 0, width, height).data), side: width,
      };
    },
  };
})();
