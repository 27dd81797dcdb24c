"""The layout ``dynamic``: no explicit mapping, the documents that image-match writes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.errors import ExperimentError
from bench.layouts.base import Layout
from imgsig import WordScheme
from imgsig.codecs import Codec

#: Elasticsearch refuses mappings of more fields unless told otherwise
#: (``index.mapping.total_fields.limit``); path and signature take five.
MAX_WORD_FIELDS = 990


class DynamicLayout(Layout):
    """Words in fields ``simple_word_0`` … of whatever type Elasticsearch chooses: ``long``.

    Numbers are indexed as points with doc values, texts as analysed ``text`` with a ``keyword``
    beside it, and the whole document is kept in ``_source``: what anyone gets who runs image-match
    without thinking about mappings.

    Notes
    -----
    https://www.elastic.co/guide/en/elasticsearch/reference/8.18/dynamic-field-mapping.html
    """

    layout_id = "dynamic"

    def check(self, scheme: WordScheme, codec: Codec) -> None:
        """Refuse more words than a dynamic mapping can hold."""
        if scheme.N > MAX_WORD_FIELDS:
            raise ExperimentError(
                f"N = {scheme.N} words need as many fields; the dynamic layout has at most "
                f"{MAX_WORD_FIELDS}"
            )

    def mappings(self, scheme: WordScheme, codec: Codec) -> dict[str, Any]:
        """Nothing: every field is mapped when it first occurs."""
        return {}

    def document(self, path: str, words: NDArray[np.int64], stored: Any) -> dict[str, Any]:
        """The record of image-match: path, signature and one field a word."""
        document: dict[str, Any] = {"path": path}
        if stored is not None:
            document["signature"] = stored
        document.update((f"simple_word_{i}", word) for i, word in enumerate(words.tolist()))
        return document

    def query(self, words: NDArray[np.int64], scheme: WordScheme) -> dict[str, Any]:
        """The query of image-match: one ``term`` clause a word, each scoring 1."""
        should = [{"term": {f"simple_word_{i}": word}} for i, word in enumerate(words.tolist())]
        return {"bool": {"should": should}}

    def stored_signature(self, hit: dict[str, Any]) -> Any:
        """From ``_source``."""
        return hit["_source"]["signature"]

    @property
    def fetched_fields(self) -> list[str]:
        """The signature; everything else in ``_source`` is words."""
        return ["signature"]
