"""What stands in ``statistics.npz`` is what the bundle's records write: none loses or adds anything on the way."""

import numpy as np
import pytest

from app.bundle.atlas import read_atlas
from app.bundle.files import read_bundle
from app.bundle.novelty import read_measure
from app.bundle.statistics import read_layer_statistics, statistics_arrays


@pytest.mark.parametrize(
    "name",
    [
        "mnist-mlp",
        "mnist-mlp-lecture",
        "mnist-deep-mlp",
        "mnist-autoencoder",
        "mnist-autoencoder-32",
        "cifar10-cnn",
        "cifar10-cnn-lecture",
    ],
)
def test_records_read_from_a_file_write_the_same_file(models_dir, name):
    bundle = read_bundle(models_dir / name)
    stored = bundle.statistics()
    atlas, measure = read_atlas(stored), read_measure(bundle.card, stored)

    written = {
        **statistics_arrays(read_layer_statistics(bundle.card, stored)),
        **(atlas.arrays() if atlas else {}),
        **(measure.arrays() if measure else {}),
    }

    assert written.keys() == stored.keys()
    for key, values in stored.items():
        assert written[key].dtype == values.dtype, key
        assert np.array_equal(written[key], values), key
