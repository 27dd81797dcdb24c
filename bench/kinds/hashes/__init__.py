"""Hash runs: other programs' hashes searched beside our signatures, on the same pictures."""
