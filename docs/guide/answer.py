"""What README recommends, made from the committed run of scorings."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from bench.evaluate.judge import RECALL_AT_99, REPORT
from bench.evaluate.measures import UAP
from bench.kinds.hashes.page import hash_verdict
from bench.kinds.remedies.page import remedy_verdict
from bench.kinds.scale.winners import winners
from bench.kinds.scoring.clusters import ANY
from bench.kinds.scoring.figures import points
from bench.kinds.scoring.page import scoring_verdict
from bench.report.axes import where
from bench.report.finding import listed
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder
from guide.figures import wrapped
from guide.markdown import table
from guide.sizes import LARGE_SEARCHED
from guide.sizes import RUN as GROWN

_RESULTS = Path(__file__).resolve().parents[2] / "results"
RUN = RunFolder(_RESULTS / "reference-scoring")
HASHES = RunFolder(_RESULTS / "reference-hashes")
REMEDIES = RunFolder(_RESULTS / "reference-remedies")
_MEASURES = (UAP.name, RECALL_AT_99.name)
#: Copies planted of a picture, of which a column tells: all numbers of them together.
_MANY = "uAP, up to 50 copies"
#: What is looked at: index and scoring, and how a person says what is stored, how hits are ranked
#: and what that costs.
_ROWS = {
    ("tester", "distance"): ("what image-match stores", "distance", "today"),
    ("tester", "count"): ("the same", "score", "plain pictures come first"),
    ("tester", "count - kth"): ("the same", "margin, 3rd best", "one subtraction"),
    ("tester", "distance - kth"): (
        "the same",
        "distance less the 3rd best",
        "one subtraction of your own",
    ),
    ("words-63x6", "count - gap"): (
        "**63 words of 6**, as keywords",
        "**margin**",
        "no signature to go back to",
    ),
    ("words-63x6", "count - kth"): ("the same", "margin, 3rd best", "as above"),
    ("bits-272-signature", "hamming - gap"): (
        "**272 bits**, and the signature in 36 bytes",
        "**margin**",
        "Elasticsearch only",
    ),
    ("bits-272", "hamming - gap"): ("272 bits alone", "**margin**", "both of these"),
    ("bits-272", "hamming - kth"): ("the same", "margin, 3rd best", "both of these"),
}


def answer() -> str:
    """What to store and how to rank: a row a choice, the present one first."""
    every = points(RUN, [REPORT]).set_index(["index", "scoring", "measure"]).sort_index()
    today = every.loc["tester", "distance", UAP.name]["bytes_per_document"]
    rows = []
    for (index, scoring), words in _ROWS.items():
        own = every.loc[index, scoring]
        size = own.loc[UAP.name, "bytes_per_document"]
        times = f" (1/{rounded(today / size, '.0f')})" if size < today else ""
        stored, ranked, cost = words
        copies = _with_copies(own["source"].iloc[0], scoring, own["k"].iloc[0])
        quality = map(rounded, [*own.loc[list(_MEASURES), "value"], copies])
        rows.append((stored, ranked, rounded(size, ",.0f") + times, *quality, cost))
    manifest = RUN.manifest()
    dataset, engine = manifest["dataset"], manifest["engine"]
    headings = [
        "what is stored", "ranked by", "bytes a picture", *_MEASURES, _MANY, "what it costs"
    ]  # fmt: skip
    gap, kth = (every.loc["bits-272", f"hamming - {rule}"] for rule in ("gap", "kth"))
    return (
        table(headings, rows, "  rrrr")
        + "\n"
        + wrapped(
            f"Over what image-match does, 272 bits by margin gain {_gained(gap)}. With the 3rd "
            f"best as background they gain {_gained(kth)}, as long as no picture has more than two "
            "copies there. By distance less the 3rd best, image-match's own index gains "
            f"{_gained(every.loc['tester', 'distance - kth'])}: it is the background that ranks "
            "better, and the bits that are small."
        )
        + "\n"
        + wrapped(
            f"95 % intervals of whole scenes; {dataset['documents']:,} photographs, objects, clip "
            f"art and parts of them on Elasticsearch {engine['version']}, {dataset['queries']:,} "
            "queries. What was chosen was chosen on one half of the scenes, and the other half is "
            f"shown; {RECALL_AT_99.name} is at the best threshold of that half. Up to 50 copies: "
            "pictures with 0, 1, 5, 20 or 50 true copies in the index, all queries together."
        )
        + "\n"
        + wrapped(_at_the_largest_size())
    )


def _with_copies(source: str, scoring: str, k: int) -> float:
    """The same list and ranking where up to 50 copies of a picture were planted."""
    measured = {"measure": UAP.name, "copies": ANY}
    same = where(RUN.table("clusters"), source=source, scoring=scoring, k=k, **measured)
    return float(same["value"].item())


def _gained(own: pd.DataFrame) -> str:
    """What a ranking gains over image-match's, each measure with its interval."""
    return " and ".join(
        f"{rounded(own.loc[name, 'difference'], '+.3f')} in {name} "
        f"({between(*own.loc[name, ['difference_low', 'difference_high']], '+.3f')})"
        for name in _MEASURES
    )


#: Indices of the run that grew, and what they are called here.
_GROWN = {
    "tester": "what image-match stores",
    "words_63x6": "63 words of 6",
    "words_32x7": "32 words of 7",
    "bits_flat": "272 bits",
}


def _at_the_largest_size() -> str:
    """What searches take at a million documents, and where the most were searched."""
    return (
        f"{_taken(GROWN)}, which are compared with all. {_taken(LARGE_SEARCHED)}: [at what size "
        "does what win?](docs/at-what-size.md)"
    )


def _taken(run: RunFolder) -> str:
    """Milliseconds and bytes of each index at the largest size of a run."""
    found = winners(run)
    largest = found[found["documents"] == found["documents"].max()].set_index("variant")
    told = [
        f"{rounded(largest.loc[name, 'p50'], ',.0f')} ms in {words} "
        f"({rounded(largest.loc[name, 'bytes_per_document'], ',.0f')} bytes)"
        for name, words in _GROWN.items()
        if name in largest.index
    ]
    return f"At {found['documents'].max():,} documents a search takes {listed(told)}"


def scoring() -> str:
    """All that the page of the run says, a point a sentence."""
    return _points(scoring_verdict(RUN, RUN.manifest()))


def hashes() -> str:
    """What the page of the run of other programs' hashes says, a point a sentence."""
    return _points(hash_verdict(HASHES, HASHES.manifest()))


def remedies() -> str:
    """What the page of the run of turned and cropped pictures says, a point a sentence."""
    return _points(remedy_verdict(REMEDIES, REMEDIES.manifest()))


def _points(sentences: Iterable[str]) -> str:
    return "".join(f"- {one}\n" for one in sentences)


BLOCKS: dict[str, Callable[[], str]] = {"answer": answer}
"""Made parts of README by the name in their marks."""

OF_FINDINGS: dict[str, Callable[[], str]] = {"scoring": scoring}
"""Those of the page of findings."""

OF_HASHES: dict[str, Callable[[], str]] = {"hashes": hashes}
"""Those of the page on other programs' hashes."""

OF_REMEDIES: dict[str, Callable[[], str]] = {"remedies": remedies}
"""Those of the page on turned and cropped pictures."""
