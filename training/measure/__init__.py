"""Measures trained networks: accuracy, calibration, robustness, statistics, novelty, atlas, gallery, cards."""
