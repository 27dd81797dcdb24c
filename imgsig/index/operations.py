"""What an index of pictures does, without input and output; see `imgsig.index.ports`."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.errors import ConfigError, EngineError, ImageIndexError, OtherIndexError, ScoreError
from imgsig.file_names import written_name
from imgsig.image import ImageInput
from imgsig.index.filters import fields_in
from imgsig.index.identity import Identity
from imgsig.index.opening import Place
from imgsig.index.ports import Operation, Response, ask
from imgsig.index.searching import (
    WHOLE,
    HitDistances,
    Match,
    Ranking,
    search_body,
    whole_scores,
)
from imgsig.index.writing import (
    Added,
    Document,
    Signed,
    cause_of,
    checked,
    documents,
    new_id,
    path_of,
    refreshing,
    refusal_of,
    whole,
    write,
)
from imgsig.layouts import Layout
from imgsig.sign_many import SignedFile


def count(place: Place) -> Operation[int]:
    """Number of documents that can be found."""
    response = yield from ask("GET", f"{path_of(place.name)}/_count")
    return int(whole(response, place.name)["count"])


def refresh(place: Place) -> Operation[None]:
    """Make what was written findable."""
    checked((yield from ask("POST", f"{path_of(place.name)}/_refresh")), place.name)


def existing(place: Place, ids: Iterable[str]) -> Operation[set[str]]:
    """Those of the ids that are there."""
    body = {"ids": list(ids)}
    if not body["ids"]:  # no engine is asked for nothing
        return set()
    response = yield from ask("POST", f"{path_of(place.name)}/_mget", {"_source": "false"}, body)
    checked(response, place.name)
    for one in response.body["docs"]:
        if one.get("error"):
            raise EngineError(
                f"index {place.name!r} does not say whether document {one['_id']!r} is there "
                f"({one['error'].get('type')}: {cause_of(one['error'])}); try again when all of "
                "its shards answer"
            )
    return {str(one["_id"]) for one in response.body["docs"] if one.get("found")}


def path_of_image(image: ImageInput, path: str | None) -> str | None:
    """The path to keep with a picture: the given one, or where it is read from."""
    if path is None and isinstance(image, str | os.PathLike):
        return os.fsdecode(image)
    return path


def signed(
    file: SignedFile,
    metadata: Mapping[str, Any] | Callable[[str], Mapping[str, Any] | None] | None,
    ids: Callable[[str], str] | None,
) -> Signed | Added:
    """The record to write of a signed file, or what became of one that could not be signed."""
    if file.signature is None:
        return Added(file.path, None, file.outcome, file.reason)
    return Signed(
        file.path,
        file.signature,
        ids(file.path) if ids else None,
        metadata(file.path) if callable(metadata) else metadata,
    )


def document(
    place: Place, signature: NDArray[np.int8], path: str | None, metadata: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What is written for a signature."""
    kept = None if path is None else written_name(path)
    (made,) = documents(place.identity, [kept], np.asarray(signature)[np.newaxis])
    return {**made, **place.fields.split(metadata)}


def only(result: tuple[list[Added], ImageIndexError | None]) -> str:
    """The id of the one document that was to be written; raises why it was not."""
    added, error = result
    if error is not None:
        raise error
    (one,) = added
    if one.id is None:
        raise EngineError(f"the engine refused the document: {one.reason}")
    return one.id


def add(
    place: Place, records: Sequence[Signed | Added], refreshed: bool | str
) -> Operation[tuple[list[Added], ImageIndexError | None]]:
    """Write signatures; of those that were answered for, what became of each, in order."""
    params = refreshing(refreshed) | ({"require_alias": True} if place.is_alias else {})
    results: dict[int, Added] = {}
    taken: list[tuple[int, Signed, dict[str, Any]]] = []
    for number, record in enumerate(records):
        if isinstance(record, Added):
            results[number] = record
            continue
        if record.id is not None and (reason := refusal_of(record.id)):
            results[number] = Added(record.path, None, "refused", reason)
            continue
        try:
            taken.append((number, record, place.fields.split(record.metadata)))
        except ConfigError as error:
            results[number] = Added(record.path, None, "refused", str(error))
    if not taken:
        return list(results.values()), None
    paths = [None if one.path is None else written_name(one.path) for _, one, _ in taken]
    made = documents(place.identity, paths, np.stack([one.signature for _, one, _ in taken]))
    sent = [
        Document(
            number,
            new_id() if record.id is None else record.id,
            record.id is None,
            {**fields, **extra},
        )
        for (number, record, extra), fields in zip(taken, made, strict=True)
    ]
    outcome, lost = yield from write(place.name, sent, params, partial(_check_written, place))
    for (number, record, _), one in zip(taken, sent, strict=True):
        if number in outcome:
            reason = outcome[number]
            results[number] = (
                Added(record.path, one.id)
                if reason is None
                else Added(record.path, None, "refused", reason)
            )
    return [results[number] for number in sorted(results)], lost


def search(
    place: Place,
    signatures: Mapping[str, NDArray[np.int8]],
    clause: Mapping[str, Any] | None,
    *,
    rank: str | None = None,
    **limits: Any,
) -> Operation[list[Match]]:
    """Search for a picture in each of its orientations at once; each match once, at its best."""
    best = "distance" if place.identity.stores_signature else "margin"
    ranking = Ranking(rank=rank or best, **limits).checked(place.identity)
    if clause:
        yield from check_mapped(place, clause)
    bodies = [
        search_body(
            place.identity,
            signature,
            size=ranking.fetched(place.identity),
            least=ranking.least(place.identity),
            narrowed_by=clause,
            fetch=ranking.parts(place.identity),
            more=place.fields.fetch(),
        )
        for signature in signatures.values()
    ]
    if len(bodies) == 1:
        response = yield from ask("POST", f"{path_of(place.name)}/_search", WHOLE, bodies[0])
        answers = [whole(response, place.name)]
    else:
        lines = [line for body in bodies for line in (WHOLE, body)]
        response = yield from ask("POST", f"{path_of(place.name)}/_msearch", body=lines)
        checked(response, place.name)
        answers = [
            whole(Response(int(one.get("status", 200)), one), place.name)
            for one in response.body["responses"]
        ]
    found = [answer["hits"]["hits"] for answer in answers]
    yield from check_same(place, {hit["_index"] for own in found for hit in own})
    return ranking.best(list(_matches(place, found, signatures, ranking)))


def _check_written(place: Place, said: Sequence[Mapping[str, Any]]) -> Operation[None]:
    """See that documents went to the index that was opened, and not to one in place of it.

    An engine makes an index anew that was deleted, without its mapping, for the first document that
    is sent to its name. That document is the first of its shard.
    """
    place.check({str(one["_index"]) for one in said})
    if not place.is_described or all(one.get("_seq_no") != 0 for one in said):
        return
    response = yield from ask("GET", f"{path_of(place.index)}/_mapping")
    checked(response, place.name)
    meta = response.body[place.index]["mappings"].get("_meta", {})
    if Identity.from_meta(meta, place.index) is None:
        raise OtherIndexError(
            f"index {place.name!r} was deleted since it was opened, and the engine made one of its "
            "name for these documents, without its mapping; delete that, create the index again "
            "and add them again"
        )


def check_mapped(place: Place, clause: Mapping[str, Any]) -> Operation[None]:
    """Refuse a filter on fields that the index does not map, where it would match nothing."""
    if not isinstance(clause, Mapping):
        raise ConfigError(
            f'filter is a query clause, such as {{"term": {{"tenant": "x"}}}}, not {clause!r}'
        )
    asked = set(fields_in(clause)) - place.mapped
    if not asked:
        return
    path = f"{path_of(place.name)}/_field_caps"
    response = yield from ask("GET", path, {"fields": ",".join(sorted(asked))})
    checked(response, place.name)
    if unmapped := sorted(asked - response.body["fields"].keys()):
        declared = ", ".join(place.fields.declared) or "none"
        raise ConfigError(
            f"the filter is on {', '.join(map(repr, unmapped))}, which index {place.name!r} does "
            f"not map, so that nothing would match (declared are: {declared}); correct the name, "
            "or add the field to the mapping and to the documents"
        )
    place.mapped.update(asked)


def check_same(place: Place, indices: set[str]) -> Operation[None]:
    """See that answers are of the index that was opened; without hits, an alias is asked."""
    if place.is_alias and not indices:
        response = yield from ask("GET", f"{path_of(place.name)}/_alias")
        checked(response, place.name)
        indices = set(response.body)
    place.check(indices)


def _matches(
    place: Place,
    found: Sequence[Sequence[dict[str, Any]]],
    signatures: Mapping[str, NDArray[np.int8]],
    ranking: Ranking,
) -> Iterator[Match]:
    identity = place.identity
    try:
        scores = iter(whole_scores(identity, found).tolist())
    except ScoreError as error:
        raise ImageIndexError(f"index {place.name!r} gives {error}") from error
    distances: Sequence[Sequence[float | None]] = [[None] * len(own) for own in found]
    if identity.stores_signature or ranking.rank == "signs":
        decoder = HitDistances(identity, signs=ranking.rank == "signs")
        distances = [one.tolist() for one in decoder.of(found, np.stack(list(signatures.values())))]
    path_in = path_reader(identity.layout)
    for orientation, own, apart in zip(signatures, found, distances, strict=True):
        answer = [
            Match(
                id=hit["_id"],
                path=path_in(hit),
                score=next(scores),
                distance=distance,
                metadata=place.fields.of_hit(hit),
                orientation=orientation,
            )
            for hit, distance in zip(own, apart, strict=True)
        ]
        if ranking.has_margins:
            answer = ranking.with_margins(answer, identity)
        yield from answer


def path_reader(layout: Layout) -> Callable[[Mapping[str, Any]], str | None]:
    """What reads the path out of a hit of a search that fetched it: None where there is none."""
    in_source, name = layout.path in ("dynamic", "source"), layout.path_name
    part = "_source" if in_source else "fields"

    def path_in(hit: Mapping[str, Any]) -> str | None:
        found = hit.get(part, {}).get(name)
        path: str | None = found if in_source or found is None else found[0]
        return path

    return path_in
