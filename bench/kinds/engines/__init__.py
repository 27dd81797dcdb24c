"""Engines compared: the same indices and searches on each."""
