"""Builds a recipe's Keras optimiser with its learning rate and schedule."""

from collections.abc import Mapping

import keras

from training.recipes import Recipe

OPTIMIZERS: Mapping[str, type[keras.Optimizer]] = {
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
}


def make_optimizer(recipe: Recipe, steps_per_epoch: int) -> keras.Optimizer:
    """Return the optimiser of a recipe; a changing learning rate depends only on the step count."""
    decay = {"weight_decay": recipe.weight_decay} if recipe.optimizer == "adamw" else {}
    return OPTIMIZERS[recipe.optimizer](learning_rate(recipe, steps_per_epoch), **decay)


def learning_rate(recipe: Recipe, steps_per_epoch: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """Return the learning rate, or its schedule."""
    if recipe.schedule == "constant":
        return recipe.learning_rate
    warmup_steps = recipe.warmup_epochs * steps_per_epoch
    falling_steps = recipe.epochs * steps_per_epoch - warmup_steps
    if not warmup_steps:
        return keras.optimizers.schedules.CosineDecay(recipe.learning_rate, falling_steps)
    return keras.optimizers.schedules.CosineDecay(
        0.0, falling_steps, warmup_target=recipe.learning_rate, warmup_steps=warmup_steps
    )
