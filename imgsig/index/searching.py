"""The request of a search, and what its hits say: what `ImageIndex` sends, and `bench` measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.fixed_size import FixedSizeCodec
from imgsig.distance import normalized_distance
from imgsig.errors import ConfigError
from imgsig.index.background import background
from imgsig.index.identity import Identity
from imgsig.layouts import Fetch, Layout, Vector
from imgsig.sign_words import known_signs, signs_from_words
from imgsig.stored_distance import stored_distance

#: Best first; among equal scores in the order in which the documents were indexed. (Otherwise it
#: would be Lucene's, which depends on how segments happened to be merged.)
SORT = ({"_score": "desc"}, {"_seq_no": "asc"})
#: Parameters of every search: an answer of some shards only is no result.
WHOLE = {"allow_partial_search_results": False}
#: Hits that an engine returns at most (``index.max_result_window``).
LARGEST_SIZE = 10_000


@dataclass(frozen=True)
class Match:
    """A picture that a search found.

    Attributes
    ----------
    id : str
        Of the document.
    path : str or None
        As it was added; None where it was added without.
    score : int
        What the layout counts: equal words, or how near vectors are. Higher is better.
    distance : float or None
        Of the stored signature from the query's, 0 to 1, see `imgsig.normalized_distance`; ranked
        by signs, that of the signs. None where the index stores no signature.
    metadata : dict
        The declared fields of the document.
    orientation : str
        How the query was turned to match so; see `imgsig.index.ORIENTATIONS`.
    margin : int or None
        Its score less what unrelated pictures score in the same answer: comparable between
        queries, as a score is not. None where it was not asked for.
    """

    id: str
    path: str | None
    score: int
    distance: float | None
    metadata: dict[str, Any] = field(default_factory=dict)
    orientation: str = ""
    margin: int | None = None


def search_body(
    identity: Identity,
    signature: NDArray[np.int8],
    *,
    size: int,
    least: int | None = None,
    narrowed_by: Mapping[str, Any] | None = None,
    fetch: Sequence[Fetch] = ("signature",),
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Body of a search for one signature, ``int8[length]``.

    `least` words must match; only documents are searched that the query clause `narrowed_by`
    matches. Hits return what `fetch` names, and what `more` does in the words of `Layout.fetch`.
    """
    query = identity.layout.matcher.query(identity.words, signature, size, least)
    return {
        "query": narrowed(query, narrowed_by) if narrowed_by else query,
        "size": size,
        "sort": list(SORT),
        "track_total_hits": False,
        **returned(identity.layout, fetch, more),
    }


def narrowed(query: Mapping[str, Any], clause: Mapping[str, Any]) -> dict[str, Any]:
    """A matcher's query for the documents alone that a clause matches; scores stay as they are."""
    if "knn" in query:  # the nearest of those, instead of those among the nearest
        own = query["knn"].get("filter")
        both = dict(clause) if own is None else [own, dict(clause)]
        return {"knn": {**query["knn"], "filter": both}}
    return {"bool": {"must": dict(query), "filter": dict(clause)}}


def returned(
    layout: Layout, fetch: Sequence[Fetch], more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Parts of a request's body that say what hits return, several asked for at once."""
    source: Any = False
    parts: dict[str, Any] = {}
    for one in (*map(layout.fetch, fetch), more or {}):
        for key, value in one.items():
            if key != "source":
                parts[key] = [*parts.get(key, []), *value]
            elif isinstance(value, list) and isinstance(source, list):
                source = [*source, *value]
            elif value is not False and not isinstance(source, Mapping):
                source = value
    return {"_source": source or False, **parts}


class HitDistances:
    """Distance of hits from their queries; a stored form that is slow to decode is decoded once.

    Of the signatures as they are stored, or of their `signs` alone, which are also in the words.
    """

    def __init__(self, identity: Identity, *, signs: bool = False) -> None:
        self._identity = identity
        self._place, self._codec = identity.layout.signature, identity.codec
        self._signs = signs
        self._decoded: dict[Any, NDArray[np.int8]] = {}

    def of(
        self, found: Sequence[Sequence[dict[str, Any]]], signatures: NDArray[np.int8]
    ) -> list[NDArray[np.float64]]:
        """Of the hits of each query, ``float64[hits]``; signatures are ``int8[m, length]``."""
        pairs = zip(found, signatures, strict=True)
        if not self._identity.stores_signature:
            return [self._of_words(own, signature) for own, signature in pairs]
        codec = self._codec
        stored = [[self._place.stored_form(codec, hit) for hit in own] for own in found]
        # A lossy codec compares like with like.
        compared = (
            signatures if codec.lossless else codec.decode_batch(codec.encode_batch(signatures))
        )
        if isinstance(codec, FixedSizeCodec) and not self._signs:  # of many it decodes at once
            return [
                stored_distance(codec, own, query) if own else np.empty(0)
                for own, query in zip(stored, compared, strict=True)
            ]
        keys = [[str(form) if isinstance(form, list) else form for form in own] for own in stored]
        self._decode(dict(zip(chain(*keys), chain(*stored), strict=True)))
        if self._signs:
            compared = np.sign(compared)
        return [
            normalized_distance(np.array([self._decoded[key] for key in own]), query)
            if own
            else np.empty(0)
            for own, query in zip(keys, compared, strict=True)
        ]

    def _decode(self, stored: Mapping[Any, Any]) -> None:
        new = {key: form for key, form in stored.items() if key not in self._decoded}
        if new:
            decoded = self._codec.decode_batch(list(new.values()))
            self._decoded.update(
                zip(new, np.sign(decoded) if self._signs else decoded, strict=True)
            )

    def _of_words(
        self, hits: Sequence[dict[str, Any]], signature: NDArray[np.int8]
    ) -> NDArray[np.float64]:
        layout, scheme = self._identity.layout, self._identity.words
        if not hits:
            return np.empty(0)
        words = np.stack([layout.stored_words(scheme, hit) for hit in hits])
        signs = signs_from_words(words, scheme.k, scheme.grid)
        return normalized_distance(signs, np.sign(signature))


def tells_signs(identity: Identity) -> bool:
    """Whether hits tell the sign of every value: by a stored signature, or by their words."""
    words = identity.words
    return identity.stores_signature or (
        identity.layout.returns_words
        and words.is_reference
        and bool(known_signs(words.k, words.N, words.grid).all())
    )


def whole_scores(
    identity: Identity, found: Sequence[Sequence[Mapping[str, Any]]]
) -> NDArray[np.int64]:
    """Scores of all hits, one query's after the other's; `ScoreError` if they are none."""
    scores = np.array([hit["_score"] for own in found for hit in own], dtype=np.float64)
    return identity.layout.matcher.whole_scores(identity.words, scores)


@dataclass(frozen=True)
class Ranking:
    """How a search ranks and what it leaves out.

    By ``distance`` and by ``signs`` the engine's `candidates` best by score are ranked again, as in
    the measurements of `bench`. Of as many a margin's background is read, see
    `imgsig.index.background`: the best score behind the largest gap or, where `background` is a
    number, the score of that rank, which is better where no picture has as many copies.
    """

    size: int = 10
    rank: str = "score"
    min_score: int | None = None
    max_distance: float | None = None
    candidates: int = 100
    min_margin: int | None = None
    background: int | str = "gap"

    @property
    def has_margins(self) -> bool:
        """Whether matches have a margin."""
        return self.rank == "margin" or self.min_margin is not None

    def checked(self, identity: Identity) -> "Ranking":
        """Itself, if an index of this identity can do it; `ConfigError` says what it cannot."""
        layout = identity.layout.layout_id
        for name in ("size", "candidates"):
            value = getattr(self, name)
            if type(value) is not int or not 1 <= value <= LARGEST_SIZE:
                raise ConfigError(
                    f"{name} must be an integer from 1 to {LARGEST_SIZE:,}, the most that an "
                    f"engine returns, not {value!r}"
                )
        if self.rank not in RANKS:
            raise ConfigError(f"rank must be one of {', '.join(RANKS)}, not {self.rank!r}")
        if self.rank == "signs" and not tells_signs(identity):
            raise ConfigError(
                f"rank='signs' needs the signature, or words that hold every sign and come back "
                f"with a hit; layout {layout!r} with codec 'none' and words "
                f"{identity.words.get_config()} has neither. Rank by score"
            )
        is_rank = type(self.background) is int and 1 <= self.background < self.candidates
        if self.background != "gap" and not is_rank:
            raise ConfigError(
                "background must be 'gap', or a rank from 1 to below the candidates "
                f"({self.candidates}), not {self.background!r}"
            )
        measured = self.rank == "distance" or self.max_distance is not None
        if measured and self.rank != "signs" and not identity.stores_signature:
            asked = f"rank={self.rank!r}" if self.rank == "distance" else "max_distance"
            raise ConfigError(
                f"{asked} needs a stored signature, and this index of layout {layout!r} has none "
                "(its codec is 'none'); rank by score and limit by min_score"
            )
        largest = identity.layout.largest_score(identity.words)
        if self.min_score is not None and not 1 <= self.min_score <= largest:
            raise ConfigError(
                f"min_score must be from 1 to {largest:,}, the score of the picture itself in "
                f"layout {layout!r}, not {self.min_score!r}"
            )
        if self.max_distance is not None and not 0 <= self.max_distance <= 1:
            raise ConfigError(f"max_distance must be from 0 to 1, not {self.max_distance!r}")
        return self

    def fetched(self, identity: Identity) -> int:
        """Hits that the engine is asked for.

        A graph of neighbours that is asked for few misses even a picture that is equal.
        """
        more = (
            self.rank != "score"
            or self.max_distance is not None
            or self.has_margins
            or not identity.layout.matcher.exact
        )
        return max(self.size, self.candidates) if more else self.size

    def parts(self, identity: Identity) -> tuple[Fetch, ...]:
        """What its hits must return, besides metadata."""
        if identity.stores_signature:
            return ("signature", "path")
        return ("words", "path") if self.rank == "signs" else ("path",)

    def least(self, identity: Identity) -> int | None:
        """Words that must match, where the score counts words.

        None where margins are asked for: what scores less is the background.
        """
        counted = identity.layout.matcher.counts_words and not self.has_margins
        return self.min_score if counted else None

    def with_margins(self, answer: Sequence[Match], identity: Identity) -> list[Match]:
        """The matches of one answer with their margins."""
        if not answer:
            return []
        # What an answer lacks is filled up: what shares no word is no hit, and of bits there are
        # fewer documents than are asked for.
        nothing = _score_of_nothing(identity)
        width = len(answer) if nothing is None else max(self.fetched(identity), len(answer))
        scores = np.full((1, width), nothing or 0.0)
        scores[0, : len(answer)] = [match.score for match in answer]
        rank = self.background
        (level,) = (
            background(scores, "gap", 1) if rank == "gap" else background(scores, "kth", int(rank))
        )
        return [replace(match, margin=match.score - int(level)) for match in answer]

    def order(self, match: Match) -> tuple[float, ...]:
        """Smallest first; what is equal stays in the engine's order."""
        if self.rank == "margin" and match.margin is not None:
            return (-match.margin, -match.score)
        if self.rank == "score" or match.distance is None:
            return (-match.score,)
        return (match.distance, -match.score)

    def best(self, matches: Sequence[Match]) -> list[Match]:
        """The matches to return: each document once, at its best."""
        once: dict[str, Match] = {}
        for match in sorted(matches, key=self.order):
            far = (
                self.max_distance is not None
                and match.distance is not None
                # That of opposite signatures may be an ulp above 1.
                and min(match.distance, 1.0) > self.max_distance
            )
            low = self.min_margin is not None and (match.margin or 0) < self.min_margin
            if match.score >= (self.min_score or 0) and not far and not low:
                once.setdefault(match.id, match)
        return list(once.values())[: self.size]


def _score_of_nothing(identity: Identity) -> float | None:
    """The score of what has nothing in common with a query; None where none is known."""
    matcher = identity.layout.matcher
    if matcher.counts_words:
        return 0.0
    if isinstance(matcher, Vector) and matcher.element == "bit":
        # Half of the bits are equal by chance; a score is one more than the equal ones.
        return 1.0 + (matcher.largest_score(identity.words) - 1) // 2
    return None


#: What can rank: the engine's score, the distance of stored signatures, that of their signs, or the
#: score less the background of its answer.
RANKS = ("score", "distance", "signs", "margin")
