"""The harness: builds indices on a real Elasticsearch and measures what each byte buys.

Stages, in order: `bench.signing.sign` → `bench.index.build` → `bench.index.storage` → `bench.search.search` →
`bench.search.verification` → `bench.evaluate` → `bench.report`. `bench.kinds.experiment.run` goes through them and resumes.
"""
