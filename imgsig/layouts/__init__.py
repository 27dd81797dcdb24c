"""Layouts: how a picture becomes a document of an index, and is found again, by id in one table.

A layout says what mapping, settings, documents and searches are; it sends nothing.

Examples
--------
>>> from imgsig import WordScheme
>>> from imgsig.codecs import get_codec
>>> layout, codec = get_layout("tagged_column"), get_codec({"id": "packed", "strip": "half"})
>>> layout.mappings(WordScheme(), codec)["properties"]["signature"]
{'type': 'binary', 'doc_values': True}
"""

from imgsig.errors import ConfigError
from imgsig.layouts.layout import Fetch, Layout
from imgsig.layouts.matcher import Matcher
from imgsig.layouts.narrowed_vector import NarrowedVector
from imgsig.layouts.signature_place import SignaturePlace
from imgsig.layouts.table import ALL, REFUSED
from imgsig.layouts.vector import Vector
from imgsig.layouts.words import FieldPerWord, OneField

__all__ = [
    "LAYOUTS",
    "Fetch",
    "FieldPerWord",
    "Layout",
    "Matcher",
    "NarrowedVector",
    "OneField",
    "SignaturePlace",
    "Vector",
    "get_layout",
]

#: Every layout by its id.
LAYOUTS: dict[str, Layout] = {layout.layout_id: layout for layout in ALL}


def get_layout(layout_id: str) -> Layout:
    """Look a layout up.

    Parameters
    ----------
    layout_id : str
        One of `LAYOUTS`.

    Raises
    ------
    ConfigError
        If there is none of that id, or it is not offered; the message says why.
    """
    if not isinstance(layout_id, str):
        raise ConfigError(f"layout must be one of {', '.join(LAYOUTS)}, not {layout_id!r}")
    if layout_id in REFUSED:
        raise ConfigError(f"layout {layout_id!r} is not offered: {REFUSED[layout_id]}")
    if layout_id not in LAYOUTS:
        raise ConfigError(f"layout must be one of {', '.join(LAYOUTS)}, not {layout_id!r}")
    return LAYOUTS[layout_id]
