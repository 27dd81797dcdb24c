"""Example pairs of a run: chosen by rule, kept as data, and shown with or without photographs."""

from bench.report.gallery.pairs import KINDS, choose_pairs, gallery_table
from bench.report.gallery.thumbnails import PICTURES, write_thumbnails

__all__ = ["KINDS", "PICTURES", "choose_pairs", "gallery_table", "write_thumbnails"]
