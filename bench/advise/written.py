"""What a choice is used and tested by: calls of the library, and a config of one's own pictures."""

import json
from typing import TYPE_CHECKING, Any

from bench.advise.measured import MARGIN
from bench.evaluate.rankings import SCORE
from imgsig import WordScheme
from imgsig.index import Identity
from imgsig.layouts import get_layout

if TYPE_CHECKING:
    from bench.advise.advice import Choice

SIGN_DISTANCE = "sign_distance"
#: What the library calls a ranking.
_RANKS = {SCORE.name: "score", MARGIN: "margin", SIGN_DISTANCE: "signs"}
#: What engines make of an index that nothing is said of.
_DEFAULT = {"number_of_shards": 1, "number_of_replicas": 1}
#: What image-match makes, without its signatures.
_IMAGE_MATCH = {"layout": "dynamic", "codec": {"id": "none"}}
#: Fewest documents of an index of a scale run, and the most.
_FEWEST, _MOST = 100, 25_000_000


def identity_of(choice: "Choice") -> dict[str, Any]:
    """Layout, words and codec of an index of it; no words where there are vectors alone."""
    row = choice.row
    identity: dict[str, Any] = {"layout": row["layout"]}
    if get_layout(row["layout"]).matcher.takes_least:
        scheme = WordScheme(
            N=int(row["N"]),
            k=int(row["k"]),
            alphabet=row["alphabet"],
            spacing=row["spacing"],
            strip=row["strip"],
        )
        identity["words"] = scheme.get_config()
    return identity | {"codec": row.get("codec", {"id": "none"})}  # a sweep stores no signature


def calls(choice: "Choice") -> list[str]:
    """Lines of Python that make the index and search it as it was measured."""
    row = choice.row
    arguments = ", ".join(
        f"{key}={json.dumps(value)}" for key, value in identity_of(choice).items()
    )
    how = {"rank": f'"{_RANKS[row["ranking"]]}"'}
    if row["ranking"] == MARGIN:
        how |= {"min_margin": str(int(row["cutoff"])), "background": str(int(row["background"]))}
    else:
        how["min_score"] = str(int(row["min_score"]))
    if row["ranking"] == SIGN_DISTANCE:
        how["max_distance"] = f"{row['cutoff']:g}"
    shape = {
        "number_of_shards": choice.size.shards,
        "number_of_replicas": choice.size.replicas,
    }
    if shape != _DEFAULT:
        arguments += f", settings={json.dumps(shape)}"
    return [
        f'index = ImageIndex.create(client, "photos", {arguments})',
        f'index.search("a.jpg", {", ".join(f"{name}={value}" for name, value in how.items())})',
    ]


def config_of(choice: "Choice", images: int, collection: str) -> str:
    """Text of a scale config that measures the choice on a collection, beside image-match's index.

    It is searched at as many documents as are asked about, up to what a run can hold.
    """
    identity = identity_of(choice)
    is_other = Identity.from_config(identity) != Identity.from_config(_IMAGE_MATCH)
    beside = "  - {name: tester_none, codec: {id: none}}\n" if is_other else ""
    words = identity.pop("words", {})
    variant = {"name": "chosen"} | {key: words.pop(key) for key in ("N", "k") if key in words}
    variant |= ({"words": words} if words else {}) | identity
    return f"""\
# Written by imgsig-bench advise: {choice.row["variant"]} in the layout {choice.row["layout"]}.
version: 1
kind: scale
name: mine

pictures:
  collection: {json.dumps(collection)}

queries:
  # All pictures; where they are more than the largest size, give that. With a number, some queries
  # can be without a match.
  documents: null
  queries: 400
  no_match_share: 0

variants:
{beside}  - {json.dumps(variant)}

# Pictures first, {_FEWEST} at least, then synthetic ones like them, which may differ so much from
# yours.
sizes: {_sizes(images)}
synthetic: {{words_tolerance: 0.25, bytes_tolerance: 0.12}}

cost: {{queries: 200, axis_queries: 40, cold: 0}}
quality: {{}}
"""


def _sizes(images: int) -> list[int]:
    """Each five times the last, from the fewest on: however few pictures there are fill some."""
    largest = max(min(images, _MOST), _FEWEST * 5**4)
    smaller = (_FEWEST * 5**step for step in range(8))
    return [*(size for size in smaller if 2 * size <= largest), largest]
