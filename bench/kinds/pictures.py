"""The pictures of a config, chosen as the run will choose them: what it refuses is refused here.

The default collection is opened where it has been fetched. Where it has not, a plan fetches
nothing: earlier runs say how much there is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from bench.disk.history import History
from bench.signing.dataset import Dataset, cautions
from bench.signing.sign import choose, describe
from bench.signing.tables import document_path
from datasets import Collection, DatasetError, FolderCollection
from datasets.photos import is_fetched
from datasets.transforms import transform_set


@dataclass(frozen=True)
class PlannedPictures:
    """What will be indexed and searched for.

    Parameters
    ----------
    documents, queries, originals : int or None
        How many, and how many originals there are to take them from; None where only the run will
        tell.
    path_bytes : float
        Of a document's path, on the average.
    cautions : sequence of str
        Of `bench.signing.dataset`.
    """

    documents: int | None
    queries: int | None
    originals: int | None
    path_bytes: float = float(len(document_path(0)))
    cautions: Sequence[str] = ()


def plan_pictures(
    settings: Dataset, history: History, *, searches: bool = False
) -> PlannedPictures:
    """Choose documents and queries of a config."""
    if settings.collection == "photos" and not is_fetched():
        return _not_fetched(settings, history)
    collection, plan = choose(settings)
    described = describe(collection, plan, settings)
    return PlannedPictures(
        len(plan.database),
        len(plan.queries),
        len(collection.originals),
        _path_bytes(collection, plan.database),
        cautions(described, searches=searches),
    )


def _path_bytes(collection: Collection, database: Sequence[int]) -> float:
    if not isinstance(collection, FolderCollection):
        return PlannedPictures.path_bytes
    return fmean(len(collection.originals[place].id.encode()) for place in database)


def _not_fetched(settings: Dataset, history: History) -> PlannedPictures:
    transform_set(settings.transforms)
    known = None if settings.tiles is not None else history.originals.get(settings.collection)
    if settings.documents is None:
        return PlannedPictures(known, settings.queries, known)
    if known is not None and settings.documents > known:
        raise DatasetError(
            f"{settings.collection} gives {known:,} originals, {settings.documents:,} documents "
            "are asked for; lower documents or add smaller tiles"
        )
    return PlannedPictures(settings.documents, settings.queries, known)
