"""Remedy runs: what finding turned, mirrored and cropped pictures takes."""
