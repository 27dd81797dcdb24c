"""The declared layouts, one after the other from what image-match does to the smallest."""

from typing import Any

from imgsig.layouts.layout import Layout
from imgsig.layouts.matcher import Matcher
from imgsig.layouts.narrowed_vector import NarrowedVector
from imgsig.layouts.signature_place import SignaturePlace
from imgsig.layouts.vector import SIGN, SIGN_PAIR, Vector
from imgsig.layouts.words import FieldPerWord, OneField

_DYNAMIC = FieldPerWord()
_INTEGERS = FieldPerWord("integer", doc_values=False)
_TAGGED = OneField("integer")

_IN_SOURCE = SignaturePlace("source")
_COLUMN = SignaturePlace("doc_values")


def _filtered(layout_id: str, summary: str, matcher: Matcher, **more: Any) -> Layout:
    """Path and signature in ``_source``, without what is searched."""
    return Layout(layout_id, summary, matcher, _IN_SOURCE, "source", source="filtered", **more)


def _columns(layout_id: str, summary: str, matcher: Matcher, **more: Any) -> Layout:
    """Path and signature as doc values, and no ``_source`` unless it is given."""
    return Layout(
        layout_id, summary, matcher, _COLUMN, "doc_values", **{"source": "disabled"} | more
    )


def _of_vectors(layout_id: str, vector: Vector, how: str) -> Layout:
    return _columns(
        layout_id, f"no words: dense_vector of {vector.element} elements, {how}", vector
    )


# fmt: off
ALL = (
    Layout("dynamic", "no explicit mapping, as image-match's driver leaves it", _DYNAMIC),
    # What of that is the mapping's, and what the encoding's? One change at a time.
    Layout("signature_index_false",
        "dynamic, but the signature is not indexed; its doc values stay",
        _DYNAMIC, SignaturePlace("index_false")),
    Layout("signature_in_source", "dynamic, but the signature is neither indexed nor in doc values",
        _DYNAMIC, _IN_SOURCE),
    Layout("long",
        "a long field a word, with doc values; path as keyword; signature in _source only",
        FieldPerWord("long"), _IN_SOURCE, "keyword"),
    Layout("integer",
        "an integer field a word, with doc values; path as keyword; signature in _source only",
        FieldPerWord("integer"), _IN_SOURCE, "keyword"),
    Layout("keyword",
        "a keyword field of boolean similarity a word; path as keyword; signature in _source only",
        FieldPerWord("keyword"), _IN_SOURCE, "keyword"),
    Layout("integer_indexed",
        "an integer field a word, without doc values; path and signature in _source only",
        _INTEGERS, _IN_SOURCE, "source"),
    _filtered("integer_filtered",
        "an integer field a word, indexed only; path and signature in _source", _INTEGERS),
    Layout("short_names", "integer_filtered with field names of one to three letters",
        FieldPerWord("integer", doc_values=False, prefix="w"),
        SignaturePlace("source", "s"), "source", "p", source="filtered"),
    _filtered("integer_best", "integer_filtered with best_compression",
        _INTEGERS, index_codec="best_compression"),
    # One field for all words, which position they are of being part of the value.
    _filtered("tagged_long", "all words in one long field, told apart by position, indexed only",
        OneField("long")),
    _filtered("tagged_integer",
        "all words in one integer field, told apart by position, indexed only", _TAGGED),
    _filtered("tagged_keyword",
        "all words in one keyword field, told apart by position, boolean similarity",
        OneField("keyword")),
    _filtered("tagged_best", "tagged_integer with best_compression",
        _TAGGED, index_codec="best_compression"),
    _columns("keyword_column", "tagged_keyword without _source: signature and path as doc values",
        OneField("keyword")),
    # Where the signature and the path are kept.
    Layout("tagged_stored",
        "tagged_integer without _source: signature as stored binary, path as doc values",
        _TAGGED, SignaturePlace("stored"), "doc_values", source="disabled"),
    _columns("tagged_column", "tagged_integer without _source: signature and path as doc values",
        _TAGGED),
    _columns("tagged_column_best", "tagged_column with best_compression",
        _TAGGED, index_codec="best_compression"),
    _columns("tagged_column_sorted", "tagged_column in an index sorted by path, downwards",
        _TAGGED, sort="path"),
    _columns("tagged_synthetic",
        "tagged_column with synthetic _source: it copies words without doc values",
        _TAGGED, source="synthetic"),
    _columns("tagged_synthetic_column",
        "tagged_column with synthetic _source and the words in doc values too",
        OneField("integer", doc_values=True), source="synthetic"),
    # Other scores.
    _columns("untagged", "tagged_column without positions: words match wherever they occur",
        OneField("integer", tagged=False)),
    _of_vectors("vector_byte_flat", Vector("byte", "flat"), "all compared"),
    _of_vectors("vector_byte_hnsw", Vector("byte", "hnsw"), "a graph of neighbours"),
    _of_vectors("vector_bit_flat", Vector("bit", "flat"), "all compared"),
    _of_vectors("vector_bit_hnsw", Vector("bit", "hnsw"), "a graph of neighbours"),
    _of_vectors("vector_sign_flat", Vector("bit", "flat", levels=SIGN),
        "one a value, whether it is 0 or more, all compared"),
    _of_vectors("vector_sign_hnsw", Vector("bit", "hnsw", levels=SIGN),
        "one a value, whether it is 0 or more, a graph of neighbours"),
    # Graphs of fewer and more neighbours, and of neighbours chosen from more: one change at a time.
    _of_vectors("vector_sign_hnsw_m8", Vector("bit", "hnsw", levels=SIGN, m=8),
        "one a value, a graph of 8 neighbours"),
    _of_vectors("vector_sign_hnsw_m32", Vector("bit", "hnsw", levels=SIGN, m=32),
        "one a value, a graph of 32 neighbours"),
    _of_vectors("vector_sign_hnsw_m64", Vector("bit", "hnsw", levels=SIGN, m=64),
        "one a value, a graph of 64 neighbours"),
    _of_vectors("vector_sign_hnsw_ef400", Vector("bit", "hnsw", levels=SIGN, ef_construction=400),
        "one a value, a graph of neighbours chosen from 400"),
    # Neighbours are chosen from no more than the candidates there are: many need both.
    _of_vectors("vector_sign_hnsw_m64_ef400",
        Vector("bit", "hnsw", levels=SIGN, m=64, ef_construction=400),
        "one a value, a graph of 64 neighbours chosen from 400"),
    _columns("vector_sign_flat_keyword",
        "vector_sign_flat and the words of keyword_column, of which a number can be asked for",
        NarrowedVector("bit", "flat", levels=SIGN)),
    _of_vectors("vector_pair_flat", Vector("bit", "flat", levels=SIGN_PAIR),
        "two a value, whether it is 0 or more and whether more, all compared"),
)
# fmt: on

#: Layouts that are not offered, and why.
REFUSED = {
    "keyword_bm25": "keyword fields of the default similarity score by BM25 (OpenSearch does not "
    "since 3.0), so that a score is no number of words and changes with the collection; layout "
    "keyword has boolean similarity, and boosts of its clauses rank by rarity as BM25 does",
}
