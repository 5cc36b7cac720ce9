import assert from "node:assert/strict";
import { test } from "node:test";

import { drawnPicture, galleryOf, offered } from "../../static/js/lib/network/networks.js";
import { ordersOf } from "../../static/js/lib/network/order.js";

const AUTOENCODER = { name: "autoencoder", task: "reconstruction", dataset: "MNIST", gallery: false };
const MLP = { name: "mlp", task: "classification", dataset: "MNIST", gallery: true };
const CNN = { name: "cnn", task: "classification", dataset: "CIFAR-10", gallery: true };

/** @type {(...models: object[]) => any} */
const models = (...given) => given;

test("networks that classify are offered first, and those of an unknown task not at all", () => {
  const all = models(AUTOENCODER, { name: "segmenter", task: "segmentation" }, MLP);

  assert.deepEqual(
    offered(all).map((model) => model.name),
    ["mlp", "autoencoder"],
  );
});

test("an autoencoder takes test images from a network of the same data set, a classifier only its own", () => {
  const [own, other] = models(AUTOENCODER, { ...MLP, name: "without", gallery: false });

  assert.equal(galleryOf(own, models(CNN, MLP))?.name, "mlp");
  assert.equal(galleryOf(own, models(CNN)), undefined);
  assert.equal(galleryOf(other, models(MLP)), undefined);
});

test("an autoencoder's last layer is a picture as wide as its input, and no order speaks for a class", () => {
  const card = /** @type {any} */ ({
    ...AUTOENCODER,
    input: { shape: [28, 20] },
    layers: [{ name: "input" }, { name: "reconstruction" }],
  });

  assert.deepEqual(drawnPicture(card), { layer: card.layers[1], columns: 20 });
  assert.equal(drawnPicture({ ...card, task: "classification" }), null);
  assert.deepEqual(ordersOf(card), ["place", "activation"]);
});
