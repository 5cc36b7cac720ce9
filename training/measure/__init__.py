"""What a finished network is worth: accuracy, calibration, robustness, statistics, novelty, atlas, gallery, cards."""
