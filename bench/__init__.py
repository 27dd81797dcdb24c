"""The harness: builds indices on a real Elasticsearch and measures what each byte buys."""
