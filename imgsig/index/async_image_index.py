"""`AsyncImageIndex`: an index of pictures, with a client that is awaited."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
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
from imgsig.index.ports import Operation, port_of, run_async
from imgsig.index.searching import Match
from imgsig.index.writing import Added, Signed
from imgsig.sign_many import sign_many
from imgsig.signature import generate_signature
from imgsig.words import WordScheme

_T = TypeVar("_T")


class AsyncImageIndex(OpenIndex):
    """`imgsig.index.ImageIndex` with an async client: the same methods, awaited.

    Pictures are signed in threads or, by `add_many`, in processes, so that the event loop goes on.
    """

    @classmethod
    async def create(
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
        """Create an index; see `ImageIndex.create`."""
        port = port_of(client, awaited=True)
        identity = identity_of(layout, words, codec, config)
        return cls(
            port,
            await run_async(port, create(name, identity, fields, settings, port.family)),
        )

    @classmethod
    async def open(cls, client: Any, name: str, *, identity: Identity | None = None) -> Self:
        """Open an index that is there; see `ImageIndex.open`."""
        port = port_of(client, awaited=True)
        return cls(port, await run_async(port, opened(name, identity)))

    async def add(
        self,
        image: ImageInput,
        *,
        metadata: Mapping[str, Any] | None = None,
        id: str | None = None,  # noqa: A002 - what it is
        path: str | None = None,
        refresh: bool | str = False,
    ) -> str:
        """Add a picture; see `ImageIndex.add`."""
        self._place.fields.split(metadata)
        signature = await asyncio.to_thread(generate_signature, image, self.identity.signature)
        record = Signed(operations.path_of_image(image, path), signature, id, metadata)
        return operations.only(await self._run(operations.add(self._place, [record], refresh)))

    async def add_many(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        workers: int | None = None,
        metadata: Mapping[str, Any] | Callable[[str], Mapping[str, Any] | None] | None = None,
        ids: Callable[[str], str] | None = None,
        refresh: bool | str = False,
        **signing: Any,
    ) -> AsyncIterator[Added]:
        """Add many files, one record each, in order; see `ImageIndex.add_many`."""
        records = sign_many(paths, workers=workers, config=self.identity.signature, **signing)
        waiting = batches(records)
        while batch := await asyncio.to_thread(next, waiting, None):
            signed = [operations.signed(one, metadata, ids) for one in batch]
            async for added in self._add(signed, refresh):
                yield added

    async def add_signatures(
        self, records: Iterable[Signed | tuple[Any, ...]], *, refresh: bool | str = False
    ) -> AsyncIterator[Added]:
        """Add pictures that are signed already; see `ImageIndex.add_signatures`."""
        for batch in batches(records):
            async for added in self._add([Signed(*record) for record in batch], refresh):
                yield added

    async def _add(
        self, records: Sequence[Signed | Added], refresh: bool | str
    ) -> AsyncIterator[Added]:
        result, error = await self._run(operations.add(self._place, records, refresh))
        for added in result:
            yield added
        if error is not None:
            raise error

    async def search(
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
        """Search for pictures like one; see `ImageIndex.search`."""
        chosen = chosen_orientations(orientations)
        signatures = await asyncio.to_thread(
            oriented_signatures, image, self.identity.signature, chosen
        )
        return await self.search_signatures(
            signatures,
            filter=filter,
            size=size,
            rank=rank,
            min_score=min_score,
            max_distance=max_distance,
            candidates=candidates,
            min_margin=min_margin,
            background=background,
        )

    async def search_signatures(
        self,
        signatures: Mapping[str, NDArray[np.int8]],
        *,
        filter: Mapping[str, Any] | None = None,  # noqa: A002 - the engine's word
        **ranking: Any,
    ) -> list[Match]:
        """Search for any of several signatures; see `ImageIndex.search_signatures`."""
        return await self._run(operations.search(self._place, signatures, filter, **ranking))

    async def delete(self, id: str, *, refresh: bool | str = False) -> bool:  # noqa: A002
        """Delete a document by its id; whether there was one."""
        return await self._run(deleting.delete(self._place, id, refresh))

    async def delete_duplicates(
        self, path: str | os.PathLike[str], *, refresh: bool | str = False
    ) -> int:
        """Delete all documents of a path but the first; see `ImageIndex.delete_duplicates`."""
        operation = deleting.delete_duplicates(self._place, os.fsdecode(path), refresh)
        return await self._run(operation)

    async def delete_path(
        self, path: str | os.PathLike[str], *, refresh: bool | str = False
    ) -> int:
        """Delete all documents of a path; see `ImageIndex.delete_path`."""
        return await self._run(deleting.delete_path(self._place, os.fsdecode(path), refresh))

    async def count(self) -> int:
        """Number of documents that searches can find."""
        return await self._run(operations.count(self._place))

    async def existing(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that the index has, refreshed or not."""
        return await self._run(operations.existing(self._place, ids))

    async def refresh(self) -> None:
        """Make all that was added findable."""
        await self._run(operations.refresh(self._place))

    async def describe(self) -> dict[str, Any]:
        """What the index is; see `ImageIndex.describe`."""
        return await self._run(describe(self._place, self._port.family))

    async def _run(self, operation: Operation[_T]) -> _T:
        return await run_async(self._port, operation)
