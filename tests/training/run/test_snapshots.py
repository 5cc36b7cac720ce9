"""Weights at eight bits a value, and when they are taken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from training.run.snapshots import first_epoch_steps, quantise, replay_steps

KERNELS = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=4, max_side=5),
    elements=st.floats(-8, 8, width=32).map(lambda value: 0.0 if abs(value) < 1e-6 else value),
)


@given(KERNELS)
def test_bytes_times_scale_lie_within_half_a_step_of_the_kernel(kernel):
    steps, scale = quantise(kernel)

    assert np.all(np.abs(steps * scale - kernel) <= scale * 0.501)
    assert np.all(steps[kernel == 0] == 0)


@given(KERNELS)
def test_the_largest_weight_of_each_unit_uses_the_whole_byte(kernel):
    steps, _ = quantise(kernel)

    axes = tuple(range(kernel.ndim - 1))
    assert np.array_equal(np.abs(steps).max(axis=axes), np.where(np.abs(kernel).max(axis=axes) > 0, 127, 0))


@pytest.mark.parametrize(("steps_per_epoch", "epochs"), [(469, 10), (352, 40), (352, 17)])
def test_a_run_keeps_twelve_moments_from_untrained_to_finished(steps_per_epoch, epochs):
    steps = replay_steps(steps_per_epoch, epochs)

    assert len(steps) == 12
    assert (steps[0], steps[-1]) == (0, epochs * steps_per_epoch)
    assert sum(step <= steps_per_epoch for step in steps) == 8


@given(st.integers(1, 2000), st.integers(1, 200))
def test_steps_that_are_kept_are_steps_that_are_taken(steps_per_epoch, epochs):
    taken = first_epoch_steps(steps_per_epoch) | {epoch * steps_per_epoch for epoch in range(1, epochs + 1)}

    assert set(replay_steps(steps_per_epoch, epochs)) <= taken
