"""The search without an engine: exact hits and scores of any words."""
