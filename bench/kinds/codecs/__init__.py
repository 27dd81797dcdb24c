"""Codecs measured: bytes and speed of each, and how few bytes could do."""
