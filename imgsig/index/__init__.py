"""An index of pictures on Elasticsearch or OpenSearch: create it, add to it, search it.

What it writes and asks is what `bench` measures, by the same code. Clients are taken, not imported:
``pip install imgsig[elasticsearch]`` or ``imgsig[opensearch]``.

Examples
--------
>>> from imgsig.index import Identity, search_body
>>> import numpy as np
>>> identity = Identity.from_config({"layout": "tagged_column"})
>>> body = search_body(identity, np.zeros(648, dtype=np.int8), size=10)
>>> body["docvalue_fields"], len(body["query"]["bool"]["should"])
(['signature'], 63)
"""

from imgsig.index.async_image_index import AsyncImageIndex
from imgsig.index.cutoffs import Cutoff
from imgsig.index.identity import Identity
from imgsig.index.image_index import ImageIndex
from imgsig.index.orientations import ORIENTATIONS
from imgsig.index.searching import Match, search_body
from imgsig.index.writing import Added, Signed

__all__ = [
    "ORIENTATIONS",
    "Added",
    "AsyncImageIndex",
    "Cutoff",
    "Identity",
    "ImageIndex",
    "Match",
    "Signed",
    "search_body",
]
