"""Which device the Keras backend computes on, and whether compiling for it pays."""

import keras


def accelerators() -> list[str]:
    """Return the names of the GPUs and TPUs that the backend sees, such as ``gpu:0``."""
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
    """Return what to hand to ``compile(jit_compile=...)``.

    TensorFlow's XLA makes a step on a CPU several times slower; every other pairing chooses well by itself.
    """
    return False if keras.backend.backend() == "tensorflow" and not accelerators() else "auto"
