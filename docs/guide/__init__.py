"""Parts of the guide that are made when it is built: from registries, docstrings and results."""
