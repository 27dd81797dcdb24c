"""`SignatureES`: image-match's driver for Elasticsearch."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.compat.image_match_index import ImageMatchIndex
from imgsig.compat.image_signature import ImageSignature
from imgsig.compat.migrated_index import MigratedIndex
from imgsig.compat.records import TIMESTAMP, make_record
from imgsig.compat.urls import fetch
from imgsig.index.ports import port_of


class SignatureES:
    """image-match's ``SignatureES``: pictures added to an index, and found in it.

    Parameters
    ----------
    es : Elasticsearch or OpenSearch
        A client of elasticsearch-py 8 or 9, or of opensearch-py.
    index : str
        Name of the index; a new one is made by what is first added.
    doc_type : str
        Below this name are all fields of a document, as image-match3 writes them. An index of
        image-match 1.1.2 or older, where they are at the top level, is told by its mapping.
    timeout : str
        How long each shard may search; what was found until then is taken.
    size : int
        Hits that each search takes at most.
    k, N : int
        Length and number of words.
    n_grid : int
        Grid points of a signature in each direction.
    crop_percentile : tuple of float or None
        ``crop_percentiles`` of the signature.
    distance_cutoff : float
        What is at this distance or farther is no match.
    layout : str, optional
        Id of the layout of an index that was migrated, or made by `imgsig.index.ImageIndex`. Words
        and signatures are then what the index was made with: `k`, `N`, `n_grid` and the rest are
        not used, nor is the way a picture comes in.
    prefix : str, optional
        Where the fields are, if not by the mapping: ``""`` for the top level.
    fetch : callable
        Called with the URL that a path may be, returns the file's bytes; `imgsig.compat.fetch` has
        limits of size, time and redirects.
    **signature_kwargs
        Other parameters of `ImageSignature`.

    Raises
    ------
    TypeError, ValueError
        As image-match does of its parameters.
    ConfigError
        If the client or a parameter of the signature is none that is known.

    Examples
    --------
    >>> from elasticsearch import Elasticsearch                      # doctest: +SKIP
    >>> ses = SignatureES(Elasticsearch("http://localhost:9200"))    # doctest: +SKIP
    >>> ses.add_image("a.jpg", metadata={"shop": 7})                 # doctest: +SKIP
    >>> ses.search_image("b.jpg", all_orientations=True)             # doctest: +SKIP
    [{'id': 'AZkZ…', 'score': 63.0, 'metadata': {'shop': 7}, 'path': 'a.jpg', 'dist': 0.0}]
    """

    def __init__(
        self,
        es: Any,
        index: str = "images",
        doc_type: str = "image",
        timeout: str = "10s",
        size: int = 100,
        k: int = 16,
        N: int = 63,
        n_grid: int = 9,
        crop_percentile: tuple[float, float] | None = (5, 95),
        distance_cutoff: float = 0.45,
        *,
        layout: str | None = None,
        prefix: str | None = None,
        fetch: Callable[[str], bytes] = fetch,
        **signature_kwargs: Any,
    ) -> None:
        for name, value in (("k", k), ("N", N), ("n_grid", n_grid)):
            if type(value) is not int:
                raise TypeError(f"{name} should be an integer")
        if type(distance_cutoff) is not float:
            raise TypeError("distance_cutoff should be a float")
        if distance_cutoff < 0.0:
            raise ValueError(f"distance_cutoff should be > 0 (got {distance_cutoff!r})")
        self.es, self.index, self.doc_type = es, index, doc_type
        self.timeout, self.size = timeout, size
        self.k, self.N, self.n_grid = k, N, n_grid
        self.crop_percentile, self.distance_cutoff = crop_percentile, distance_cutoff
        self._records: ImageMatchIndex | MigratedIndex
        if layout is None:
            self._records = ImageMatchIndex(port_of(es, awaited=False), index, doc_type, prefix)
            self.gis = ImageSignature(n_grid, crop_percentile, fetch=fetch, **signature_kwargs)
        else:
            self._records = MigratedIndex(es, index, layout)
            self.gis = ImageSignature(fetch=fetch, config=self._records.index.identity.signature)

    def add_image(
        self,
        path: Any,
        img: Any = None,
        bytestream: bool = False,
        metadata: Any = None,
        refresh_after: bool | str = False,
    ) -> None:
        """Add a picture.

        Parameters
        ----------
        path : str
            Kept with it: a file's path or URL, which is read unless `img` is given.
        img : str, bytes or array, optional
            The picture, if it is not at `path`: another path or URL, bytes, or pixels.
        bytestream : bool
            Whether `img` is a file's bytes.
        metadata : optional
            Kept with it.
        refresh_after : bool
            Whether searches find it when this returns.

        Raises
        ------
        CorruptImageError
            If it is no picture.
        FetchError
            If a URL cannot be fetched within the limits.
        EngineError
            If the engine refuses, or cannot be reached.
        """
        record = make_record(path, self.gis, self.k, self.N, img, bytestream, metadata)
        self.insert_single_record(record, refresh_after=refresh_after)

    def search_image(
        self,
        path: Any,
        all_orientations: bool = False,
        bytestream: bool = False,
        pre_filter: Any = None,
    ) -> list[dict[str, Any]]:
        """Search for pictures like one.

        Parameters
        ----------
        path : str, bytes or array
            The picture, as for `add_image`.
        all_orientations : bool
            Search for it turned by each quarter, mirrored and as a negative, too: for one of those
            at a time, as image-match does.
        bytestream : bool
            Whether `path` is a file's bytes.
        pre_filter : dict, optional
            A query clause that documents must match.

        Returns
        -------
        list of dict
            ``id``, ``score``, ``metadata``, ``path`` and ``dist`` of each match, the nearest first,
            each once. (Of a picture that several orientations find, image-match has one of the
            distances, whichever; here it is the smallest.)
        """
        levels = self.gis.preprocess_image(path, bytestream)
        nearest: dict[str, dict[str, Any]] = {}
        for turned in _orientations(levels) if all_orientations else iter([levels]):
            record = make_record(turned, self.gis, self.k, self.N)
            for match in self.search_single_record(record, pre_filter=pre_filter):
                known = nearest.setdefault(match["id"], match)
                if match["dist"] < known["dist"]:
                    nearest[match["id"]] = match
        return sorted(nearest.values(), key=itemgetter("dist"))

    def insert_single_record(self, rec: dict[str, Any], refresh_after: bool | str = False) -> None:
        """Add a record of `make_record`, which is given a ``timestamp``."""
        rec[TIMESTAMP] = datetime.now()
        self._records.insert(rec, refresh_after)

    def search_single_record(
        self, rec: Mapping[str, Any], pre_filter: Any = None
    ) -> list[dict[str, Any]]:
        """What is nearer than `distance_cutoff` to a record, in the engine's order."""
        found = self._records.search(rec, self.size, self.timeout, pre_filter)
        return [match for match in found if match["dist"] < self.distance_cutoff]

    def delete_duplicates(self, path: str) -> None:
        """Delete all documents of a path but the first.

        Documents are found as searches find them: what was added just now must be refreshed first.
        """
        self._records.delete_duplicates(path)


def _orientations(levels: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The pictures that image-match searches for: itself, and changed in one way each.

    Its code means to combine them, but takes the changes one by one.
    """
    yield levels
    yield ~levels if levels.dtype == np.bool_ else -levels
    yield np.fliplr(levels)
    for quarters in (1, 2, 3):
        yield np.rot90(levels, quarters)
