"""Experiments: variants indexed, measured, searched and evaluated."""
