"""`ImageIndex`: an index of pictures, with a client that answers at once."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs import Codec
from imgsig.config import SignatureConfig
from imgsig.image import ImageInput
from imgsig.index import deleting, operations
from imgsig.index.about import describe
from imgsig.index.batches import batches
from imgsig.index.identity import Identity
from imgsig.index.open_index import OpenIndex
from imgsig.index.opening import create, identity_of, opened
from imgsig.index.orientations import chosen_orientations, oriented_signatures
from imgsig.index.ports import Operation, port_of, run
from imgsig.index.searching import Match
from imgsig.index.writing import Added, Signed
from imgsig.sign_many import sign_many
from imgsig.signature import generate_signature
from imgsig.words import WordScheme

_T = TypeVar("_T")


class ImageIndex(OpenIndex):
    """Pictures in an index of Elasticsearch or OpenSearch: added, searched, deleted.

    It is made by `create` or `open`. The index describes itself: layout, words, codec and signature
    config stand in its mapping, so that whoever opens it adds and searches as it was made. Every
    method raises `imgsig.EngineError` where the engine refuses or cannot be reached; `add_many` and
    `add_signatures` after the records of what was written.

    Examples
    --------
    >>> from elasticsearch import Elasticsearch              # doctest: +SKIP
    >>> client = Elasticsearch("http://localhost:9200")      # doctest: +SKIP
    >>> index = ImageIndex.create(client, "photos")          # doctest: +SKIP
    >>> index.add("a.jpg", refresh=True)                     # doctest: +SKIP
    'AZkZ3c5xq2mWc0b7iT9_'
    >>> [match.path for match in index.search("b.jpg")]      # doctest: +SKIP
    ['a.jpg']
    """

    @classmethod
    def create(
        cls,
        client: Any,
        name: str,
        *,
        layout: str | None = None,
        fields: Mapping[str, Mapping[str, Any]] | None = None,
        words: WordScheme | Mapping[str, Any] | None = None,
        codec: Codec | Mapping[str, Any] | None = None,
        config: SignatureConfig | Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Self:
        """Create an index.

        Parameters
        ----------
        client : Elasticsearch or OpenSearch
            Of elasticsearch-py 8 or 9, or of opensearch-py 3.
        name : str
            Of the index.
        layout : str, optional
            How pictures become documents, of `imgsig.layouts.LAYOUTS`; else ``keyword_column``.
        fields : mapping, optional
            The metadata of documents: mapping of each field by its name, as the engine takes it.
        words : WordScheme or mapping, optional
            Which words, or the config of that; else 63 of 6, or of 16 where a layout is named.
        codec : Codec or mapping, optional
            How signatures are stored, or the config of that; by default 79 bytes without loss.
        config : SignatureConfig or mapping, optional
            How signatures are taken, or the config of that.
        settings : mapping, optional
            Further settings of the index, such as ``{"number_of_shards": 3}``.

        Raises
        ------
        ConfigError
            If the parts do not go together, or a field cannot be declared so.
        OtherIndexError
            If there is an index of this name.
        """
        port = port_of(client, awaited=False)
        identity = identity_of(layout, words, codec, config)
        return cls(port, run(port, create(name, identity, fields, settings, port.family)))

    @classmethod
    def open(cls, client: Any, name: str, *, identity: Identity | None = None) -> Self:
        """Open an index that is there.

        Parameters
        ----------
        client : Elasticsearch or OpenSearch
            As for `create`.
        name : str
            Of the index, or of an alias of it alone.
        identity : Identity, optional
            What the index must have been made with. Needed for an index that does not say it
            itself, such as image-match's; that then takes any metadata.

        Raises
        ------
        OtherIndexError
            If it is not there, no index of pictures, a data stream or several indices, or was made
            with something else.
        """
        port = port_of(client, awaited=False)
        return cls(port, run(port, opened(name, identity)))

    def add(
        self,
        image: ImageInput,
        *,
        metadata: Mapping[str, Any] | None = None,
        id: str | None = None,  # noqa: A002 - what it is
        path: str | None = None,
        refresh: bool | str = False,
    ) -> str:
        """Add a picture.

        Parameters
        ----------
        image : path, bytes, binary file object, Pillow image or array
            The picture.
        metadata : mapping, optional
            Values of declared fields.
        id : str, optional
            Of the document: what has it is replaced. By default a new one.
        path : str, optional
            Kept with it and returned by searches. By default the image, if that is a path.
        refresh : bool or "wait_for"
            Whether searches find it when this returns.

        Returns
        -------
        str
            The id.

        Raises
        ------
        CorruptImageError
            If it is no picture, or is damaged, empty or too large.
        OSError
            If the file cannot be read.
        ConfigError
            If metadata are not declared.
        """
        self._place.fields.split(metadata)
        signature = generate_signature(image, self.identity.signature)
        record = Signed(operations.path_of_image(image, path), signature, id, metadata)
        return operations.only(self._run(operations.add(self._place, [record], refresh)))

    def add_many(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        workers: int | None = None,
        metadata: Mapping[str, Any] | Callable[[str], Mapping[str, Any] | None] | None = None,
        ids: Callable[[str], str] | None = None,
        refresh: bool | str = False,
        **signing: Any,
    ) -> Iterator[Added]:
        """Add many files: one record each, in order, whatever the files are.

        A file that cannot be signed, or a document that the engine refuses, is told in its record
        and passed over. A record says ``ok`` when the engine has confirmed the document. Memory
        depends on the workers alone.

        Parameters
        ----------
        paths : iterable of path
            Files; taken as they are needed.
        workers : int, optional
            Processes that sign. Default: as many as the cores this process may use.
        metadata : mapping or callable, optional
            Values of declared fields, for all files, or by path.
        ids : callable, optional
            From a path to the id of its document, which it replaces; by default a new one each.
        refresh : bool or "wait_for"
            Whether searches find the documents of a record when it is yielded.
        signing
            ``max_pixels``, ``seconds``, ``memory`` and ``cache`` of `imgsig.sign_many`.

        Yields
        ------
        Added
            In the order of the paths.
        """
        records = sign_many(paths, workers=workers, config=self.identity.signature, **signing)
        for batch in batches(records):
            yield from self._add([operations.signed(one, metadata, ids) for one in batch], refresh)

    def add_signatures(
        self,
        records: Iterable[Signed | tuple[Any, ...]],
        *,
        refresh: bool | str = False,
    ) -> Iterator[Added]:
        """Add pictures that are signed already; what is yielded is as of `add_many`.

        Parameters
        ----------
        records : iterable of Signed
            Or of tuples ``(path, signature)``, ``(path, signature, id)`` or ``(path, signature, id,
            metadata)``; taken as they are needed.
        refresh : bool or "wait_for"
            Whether searches find a document when its record is yielded.
        """
        for batch in batches(records):
            yield from self._add([Signed(*record) for record in batch], refresh)

    def _add(self, records: Sequence[Signed | Added], refresh: bool | str) -> Iterator[Added]:
        added, error = self._run(operations.add(self._place, records, refresh))
        yield from added
        if error is not None:
            raise error

    def search(
        self,
        image: ImageInput,
        *,
        size: int = 10,
        rank: str | None = None,
        min_score: int | None = None,
        max_distance: float | None = None,
        filter: Mapping[str, Any] | None = None,  # noqa: A002 - the engine's word
        orientations: str | Sequence[str] | None = None,
        candidates: int = 100,
        min_margin: int | None = None,
        background: int | str = "gap",
    ) -> list[Match]:
        """Search for pictures like one.

        Parameters
        ----------
        image : path, bytes, binary file object, Pillow image or array
            The picture.
        size : int
            Matches at most.
        rank : {"score", "distance", "signs", "margin"}, optional
            What is best: the most equal words (or nearest vectors), the smallest distance of stored
            signatures or of their signs, or the largest margin, see `Match`. By default the
            distance, where signatures are stored, else the margin.
        min_score, min_margin : int, optional
            Leave out what has less.
        max_distance : float, optional
            Leave out what is farther.
        filter : mapping, optional
            A query clause that documents must match, such as ``{"term": {"tenant": "x"}}``.
        orientations : "all", str or sequence of str, optional
            Which of `imgsig.index.ORIENTATIONS` to search for at once; by default as it is.
        candidates : int
            How many of the engine's best by score are ranked again, come out of a graph of
            neighbours, or tell what unrelated pictures score.
        background : "gap" or int
            Where a margin begins: behind the largest gap, or at a rank, see `Ranking`.

        Returns
        -------
        list of Match
            The best first, each document once.

        Raises
        ------
        CorruptImageError
            If it is no picture.
        ConfigError
            If the layout cannot do what is asked.
        """
        chosen = chosen_orientations(orientations)
        return self.search_signatures(
            oriented_signatures(image, self.identity.signature, chosen),
            filter=filter,
            size=size,
            rank=rank,
            min_score=min_score,
            max_distance=max_distance,
            candidates=candidates,
            min_margin=min_margin,
            background=background,
        )

    def search_signatures(
        self,
        signatures: Mapping[str, NDArray[np.int8]],
        *,
        filter: Mapping[str, Any] | None = None,  # noqa: A002 - the engine's word
        **ranking: Any,
    ) -> list[Match]:
        """Search for any of several signatures, in one request.

        Parameters
        ----------
        signatures : mapping
            ``int8[length]`` each, by what a match of it has as its ``orientation``.
        filter, ranking
            As for `search`, whose other arguments these are.
        """
        return self._run(operations.search(self._place, signatures, filter, **ranking))

    def delete(self, id: str, *, refresh: bool | str = False) -> bool:  # noqa: A002
        """Delete a document by its id; whether there was one."""
        return self._run(deleting.delete(self._place, id, refresh))

    def delete_duplicates(
        self, path: str | os.PathLike[str], *, refresh: bool | str = False
    ) -> int:
        """Delete all documents of a path but the first that was added, and say how many.

        They are found as by searches, so once they are refreshed; where the layout keeps paths in
        ``_source`` alone, all documents are read.

        Parameters
        ----------
        path : path
            As it was added.
        refresh : bool or "wait_for"
            Whether searches know of it when this returns.
        """
        return self._run(deleting.delete_duplicates(self._place, os.fsdecode(path), refresh))

    def delete_path(self, path: str | os.PathLike[str], *, refresh: bool | str = False) -> int:
        """Delete all documents of a path, found as by `delete_duplicates`, and say how many."""
        return self._run(deleting.delete_path(self._place, os.fsdecode(path), refresh))

    def count(self) -> int:
        """Number of documents that searches can find."""
        return self._run(operations.count(self._place))

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that the index has, refreshed or not."""
        return self._run(operations.existing(self._place, ids))

    def refresh(self) -> None:
        """Make all that was added findable."""
        self._run(operations.refresh(self._place))

    def describe(self) -> dict[str, Any]:
        """Aliases, engine, documents, bytes (None where that is not told), identity and fields."""
        return self._run(describe(self._place, self._port.family))

    def _run(self, operation: Operation[_T]) -> _T:
        return run(self._port, operation)
