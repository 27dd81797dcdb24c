"""Pictures to signatures: a collection and its queries, signed once and cached."""
