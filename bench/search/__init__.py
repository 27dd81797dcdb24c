"""Queries to hits, on the engine and without it, and the comparison of both."""
