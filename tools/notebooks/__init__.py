"""Executing the notebooks, and whether they are out of date."""
