"""Bytes of indices that were not built, from those that were: models, fits, projections."""
