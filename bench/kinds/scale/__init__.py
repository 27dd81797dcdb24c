"""How an index grows with the collection: sizes measured, a fit that is tested, a projection."""
