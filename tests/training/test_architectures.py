"""The networks, layer for layer as the design's tables say."""

import pytest

from app.network.probe import describe_layers
from training.architectures import cifar10_cnn, mnist_autoencoder, mnist_deep_mlp, mnist_mlp

MNIST_MLP = [
    ("input", "input", (784,), 0),
    ("hidden_1", "dense", (512,), 401_920),
    ("dropout_1", "dropout", (512,), 0),
    ("hidden_2", "dense", (512,), 262_656),
    ("dropout_2", "dropout", (512,), 0),
    ("hidden_3", "dense", (512,), 262_656),
    ("dropout_3", "dropout", (512,), 0),
    ("output", "dense", (10,), 5_130),
]
MNIST_DEEP_MLP = [
    ("input", "input", (784,), 0),
    ("hidden_1", "dense", (2500,), 1_962_500),
    ("hidden_2", "dense", (2000,), 5_002_000),
    ("hidden_3", "dense", (1500,), 3_001_500),
    ("hidden_4", "dense", (1000,), 1_501_000),
    ("hidden_5", "dense", (500,), 500_500),
    ("output", "dense", (10,), 5_010),
]
CIFAR10_CNN = [
    ("input", "input", (32, 32, 3), 0),
    ("conv_1", "convolution", (32, 32, 32), 896),
    ("conv_2", "convolution", (30, 30, 32), 9_248),
    ("pool_1", "pooling", (15, 15, 32), 0),
    ("dropout_1", "dropout", (15, 15, 32), 0),
    ("conv_3", "convolution", (15, 15, 64), 18_496),
    ("conv_4", "convolution", (13, 13, 64), 36_928),
    ("pool_2", "pooling", (6, 6, 64), 0),
    ("dropout_2", "dropout", (6, 6, 64), 0),
    ("flatten", "flatten", (2_304,), 0),
    ("hidden", "dense", (512,), 1_180_160),
    ("dropout_3", "dropout", (512,), 0),
    ("output", "dense", (10,), 5_130),
]


@pytest.mark.parametrize(
    ("build", "table", "parameters"),
    [
        (mnist_mlp, MNIST_MLP, 932_362),
        (mnist_deep_mlp, MNIST_DEEP_MLP, 11_972_510),
        (cifar10_cnn, CIFAR10_CNN, 1_250_858),
    ],
    ids=["mnist_mlp", "mnist_deep_mlp", "cifar10_cnn"],
)
def test_network_is_the_one_in_the_table(build, table, parameters):
    model = build()

    layers = describe_layers(model)

    assert [(layer.name, layer.kind, layer.shape, layer.parameters) for layer in layers] == table
    assert model.count_params() == parameters


@pytest.mark.parametrize(("build", "rates"), [(mnist_mlp, [0.2, 0.2, 0.2]), (cifar10_cnn, [0.25, 0.25, 0.5])])
def test_dropout_rates_are_the_lectures(build, rates):
    assert [layer.options["rate"] for layer in describe_layers(build()) if layer.kind == "dropout"] == rates


def test_first_convolution_of_each_pair_is_padded_and_the_second_is_not():
    layers = {layer.name: layer.options for layer in describe_layers(cifar10_cnn())}

    assert [layers[f"conv_{number}"]["padding"] for number in (1, 2, 3, 4)] == ["same", "valid", "same", "valid"]
    assert all(layers[f"conv_{number}"]["kernel_size"] == (3, 3) for number in (1, 2, 3, 4))
    assert all(layers[f"pool_{number}"]["pool_size"] == (2, 2) for number in (1, 2))


@pytest.mark.parametrize("code", [2, 32])
def test_autoencoder_squeezes_a_digit_into_its_code_and_ends_in_pixels(code):
    layers = describe_layers(mnist_autoencoder(code))

    assert [(layer.name, layer.shape[0], layer.activation) for layer in layers] == [
        ("input", 784, None),
        ("encoder_1", 512, "relu"),
        ("encoder_2", 256, "relu"),
        ("encoder_3", 128, "relu"),
        ("code", code, "linear"),
        ("decoder_1", 128, "relu"),
        ("decoder_2", 256, "relu"),
        ("decoder_3", 512, "relu"),
        ("reconstruction", 784, "sigmoid"),
    ]
    assert sum(layer.parameters for layer in layers) == 1_133_072 + 257 * code


@pytest.mark.parametrize("build", [mnist_mlp, mnist_deep_mlp, cifar10_cnn])
def test_hidden_layers_end_in_relu_and_the_output_in_softmax(build):
    activations = [layer.activation for layer in describe_layers(build()) if layer.parameters]

    assert activations == ["relu"] * (len(activations) - 1) + ["softmax"]
