"""One training run: fitting, checkpoints, averaged weights, snapshots, augmentation. It needs no TensorFlow."""
