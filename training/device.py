"""Which device the Keras backend uses, and whether to compile for it."""

from importlib import import_module

import keras


def accelerators() -> list[str]:
    """Return the names of the GPUs and TPUs that the backend sees, such as ``gpu:0``."""
    if keras.backend.backend() == "torch":  # keras.distribution does not list these
        torch = import_module("torch")
        return [f"gpu:{index}" for index in range(torch.cuda.device_count())]
    found: list[str] = []
    for kind in ("gpu", "tpu"):
        try:
            found += keras.distribution.list_devices(kind)
        except (RuntimeError, ValueError):
            continue  # JAX raises for a platform that it was not built for.
    return found


def device_name() -> str:
    """Return a short name of backend and device for people to read, such as ``tensorflow on cpu``."""
    return f"{keras.backend.backend()} on {', '.join(accelerators()) or 'cpu'}"


def jit_compile() -> bool | str:
    """Return the argument for ``compile(jit_compile=...)``.

    TensorFlow's XLA makes a step on a CPU several times slower; for all other combinations Keras's default is good.
    """
    return False if keras.backend.backend() == "tensorflow" and not accelerators() else "auto"
