"""Synthetic documents beyond the real ones of a run, and how like them they are."""
