"""What remedies are worth by part of the queries, and what they take; rows of a page."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Bools
from bench.evaluate.judge import OPTIONS, REPORT, parts_of
from bench.evaluate.measures import UAP
from bench.kinds.beside import search_times
from bench.kinds.judged import BACKGROUND, Questions, quality_tables, ranked
from bench.kinds.remedies.config import Remedies
from bench.kinds.remedies.lists import grouped, tried
from bench.runs.folder import RunFolder

#: Parts of the queries by what was done to the picture, and the families of edits in each.
TURNED, CROPPED, OTHER = "turned", "cropped", "other edits"
_FAMILIES = {"turn": TURNED, "mirror": TURNED, "crop": CROPPED, "trim": CROPPED}


def groups(queries: pd.DataFrame) -> "pd.Series[str]":
    """Which part each query is of: `TURNED`, `CROPPED`, `OTHER`, or natural."""
    made = queries["family"].map(_FAMILIES).fillna(OTHER)
    if "origin" not in queries:
        return made
    return made.where(queries["origin"] == "made", queries["origin"])


def question_parts(queries: pd.DataFrame) -> dict[str, Bools]:
    """Parts that are told: groups of edits, and each edit, of the half that is reported.

    No kind of natural pairs is called as another part, see `datasets.queries.PARTS`.
    """
    report = (queries["half"] == REPORT).to_numpy()
    parts = parts_of(queries, ("stratum",))
    for names in (groups(queries), queries["transform"]):
        for name in sorted(set(names)):
            parts[str(name)] = (names == name).to_numpy() & report
    return {name: part for name, part in parts.items() if part.any()}


def remedy_tables(
    config: Remedies, queries: pd.DataFrame, hits: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Tables ``scorings`` and ``tuned``; each remedy is compared with none, on the same variant."""
    settings = config.evaluation.settings(config.search.size, **OPTIONS)
    asked = Questions(queries, settings, config.k, question_parts(queries))
    found = [
        quality_tables(asked, hits, {one.source: one.scorings for one in own})
        for own in grouped(tried(config), "of")
    ]
    return {
        name: pd.concat([one[name] for one in found], ignore_index=True)
        for name in ("scorings", "tuned")
    }


def search_table(config: Remedies, samples: pd.DataFrame) -> pd.DataFrame:
    """What a search takes with each remedy; ratios to none, on the same variant."""
    parts = [
        search_times(
            samples[samples["variant"].isin([one.source for one in own])], config.evaluation
        )
        for own in grouped(tried(config), "of")
    ]
    return pd.concat(parts, ignore_index=True)


def signing_table(samples: pd.DataFrame) -> pd.DataFrame:
    """Milliseconds to sign a picture and what is made of it; ratios to the first, of medians."""
    own = samples.groupby("made", sort=False)
    median = own["seconds"].median() * 1000
    table = pd.DataFrame(
        {
            "made": median.index,
            "pictures": own["picture"].nunique().to_numpy(),
            "signatures": own["signatures"].first().to_numpy(),
            "sign_ms": median.to_numpy(),
            "times_one": (median / median.iloc[0]).to_numpy(),
        }
    )
    return table.reset_index(drop=True)


def remedy_rows(folder: RunFolder, measure: str = UAP.name) -> pd.DataFrame:
    """A row a remedy and part, less the background, with what it takes: in the order of the run.

    Besides ``scorings`` and ``remedies``: ``bytes_per_picture``, ``search_ms``, ``times`` (of none
    on the same variant) and ``grows``, how many times the bytes of none.
    """
    table = ranked(folder.table("scorings"), folder.table("tuned"))
    table = table[(table["ranked"] == BACKGROUND) & (table["measure"] == measure)]
    remedies = folder.table("remedies")
    sizes = folder.table("indices")[["index", "documents", "bytes_per_picture"]]
    searches = folder.table("search_times")[["source", "latency_p50", "ratio"]]
    taken = remedies.merge(sizes, on="index").merge(searches, on="source")
    taken = taken.rename(columns={"latency_p50": "search_ms", "ratio": "times"})
    none = taken.groupby("variant")["bytes_per_picture"].transform("first")
    taken = taken.assign(grows=taken["bytes_per_picture"] / none)
    order = pd.Categorical(table["source"], remedies["source"])
    table = table.assign(order=order.codes).sort_values("order", kind="stable")
    return table.drop(columns="order").merge(taken, on="source")


def part_counts(queries: pd.DataFrame) -> dict[str, int]:
    """How many queries each part has."""
    return {name: int(np.count_nonzero(one)) for name, one in question_parts(queries).items()}
