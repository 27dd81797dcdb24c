"""The harness: builds indices on a real Elasticsearch and measures what each byte buys.

Stages, in order: `bench.sign` → `bench.indexing` → `bench.storage` → `bench.search` →
`bench.verification` → `bench.evaluate` → `bench.report`. `bench.run` goes through them and resumes.
"""
