"""How fast signatures are: beside image-match, beside the decoder, and into an index.

`bench.speed.config` says what is measured, `bench.speed.run` measures it; ``python -m bench.speed``
prints the table of goals.
"""
