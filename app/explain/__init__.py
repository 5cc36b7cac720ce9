"""Explanations of a network's answer: sums term by term, traces, gradients, occlusion, units switched off."""
