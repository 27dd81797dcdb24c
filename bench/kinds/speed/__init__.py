"""How fast signatures are: beside image-match, beside the decoder, and into an index."""
