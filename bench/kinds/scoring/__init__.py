"""Scoring runs: a few indices, and every way of ranking what they find."""
