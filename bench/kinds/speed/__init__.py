"""How fast signatures are: beside image-match, beside the decoder, and into an index.

`bench.kinds.speed.config` says what is measured, `bench.kinds.speed.run` measures it; ``python -m bench.kinds.speed``
prints the table of goals.
"""
