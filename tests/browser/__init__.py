"""Tests that a person's browser runs: they draw, touch, drop and read, by role and label."""
