"""Where the backend computes: PyTorch is asked itself, since keras.distribution knows nothing of it."""

import sys
from types import SimpleNamespace

import keras
import pytest

from training.device import accelerators, device_name, jit_compile


@pytest.fixture
def torch_with(monkeypatch):
    def pretend(gpus: int) -> None:
        torch = SimpleNamespace(cuda=SimpleNamespace(device_count=lambda: gpus))
        monkeypatch.setitem(sys.modules, "torch", torch)
        monkeypatch.setattr(keras.backend, "backend", lambda: "torch")

    return pretend


@pytest.mark.parametrize(("gpus", "name"), [(0, "torch on cpu"), (2, "torch on gpu:0, gpu:1")])
def test_gpus_of_pytorch_are_named(torch_with, gpus, name):
    torch_with(gpus)

    assert device_name() == name
    assert len(accelerators()) == gpus


def test_compiling_is_left_to_the_backend_but_for_tensorflow_on_a_cpu(torch_with, monkeypatch):
    monkeypatch.setattr("training.device.accelerators", list)
    assert jit_compile() is False
    torch_with(0)
    assert jit_compile() == "auto"
