"""Codecs measured: the context model's training, the entropy limit, bytes against speed."""
