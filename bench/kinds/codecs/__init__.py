"""Codecs measured: the entropy limit, bytes against speed."""
