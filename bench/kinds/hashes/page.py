"""The page of a hash run: whether any hash is better than the signature, and what each takes."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bench.evaluate.judge import MEASURES, REPORT
from bench.evaluate.measures import UAP
from bench.kinds.hashes.contenders import OURS
from bench.kinds.hashes.tables import by_edit, ranked_rows, reported
from bench.kinds.judged import BACKGROUND, PLAIN
from bench.report.finding import listed, word
from bench.report.page import Listing
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder

_HOW = {PLAIN: "as they come", BACKGROUND: "less the background of each answer"}


def hash_verdict(folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
    """What to do, and what each hash finds and takes beside our own, in sentences."""
    margins, plain = (reported(folder, UAP.name, one) for one in (BACKGROUND, PLAIN))
    return [
        what_to_do(margins),
        *begin_anew(margins, plain),
        *(_others(folder, ranked) for ranked in _HOW),
        _by_edit(folder),
        *_by_part(folder),
        *_perception(folder),
        _times(folder, manifest),
        f"The engine confirmed every one of {manifest['verified_hits']:,} hits in "
        f"{len(folder.table('indices'))} indices.",
    ]


def what_to_do(table: pd.DataFrame) -> str:
    """Keep the signature, or take the best of the hashes that are shown to find more.

    Of rows as `reported` gives them, the first of them our own bits.
    """
    own, hashes = table.iloc[0], table[table["package"] != OURS]
    hashes = hashes.sort_values("value", ascending=False)
    better = hashes[hashes["difference_low"] > 0]
    ours = f"its {own['bits']} bits"
    if better.empty:
        best = hashes.iloc[0]
        beside = f"{UAP.name} {rounded(own['value'])}, {best['source']} {rounded(best['value'])}"
        if (hashes["difference_high"] < 0).all():
            return f"Keep the signature: {ours} find more than any hash tried ({beside})."
        return f"Keep the signature: no hash tried is shown to find more than {ours} ({beside})."
    best = better.iloc[0]
    beside = f"{UAP.name} {rounded(best['value'])}, ours {rounded(own['value'])}"
    others = ", ".join(better["source"].iloc[1:])
    also = f", as {others} do{'' if ',' in others else 'es'} too" if others else ""
    finds = f"it finds more than the signature: {beside}{also}"
    if best["hash_ms"] <= own["hash_ms"]:
        return f"Take {best['source']}: {finds}."
    made = f"{rounded(best['hash_ms'], '.1f')} ms a picture in place of"
    return (
        f"Take {best['source']} where it may take {made} {rounded(own['hash_ms'], '.1f')} to make, "
        f"as {finds}; otherwise keep the signature that you have."
    )


def begin_anew(margins: pd.DataFrame, plain: pd.DataFrame) -> list[str]:
    """Which hashes are a choice where there is no index yet: smallest first.

    Of rows as `reported` gives them, less the background and as they come: those that the first
    lets no one tell from our own bits, and the second shows to find more.
    """
    own, hashes = margins.iloc[0], margins[margins["package"] != OURS]
    alike = hashes[(hashes["difference_low"] <= 0) & (hashes["difference_high"] >= 0)]
    more = plain.index[plain["difference_low"] > 0]
    rows = alike[alike["source"].isin(more)].sort_values(
        ["bytes_per_document", "value"], ascending=[True, False]
    )
    if rows.empty:
        return []
    told = listed(
        f"{row['source']} ({rounded(row['bytes_per_document'], ',.0f')} bytes a document, "
        f"{rounded(row['hash_ms'], '.1f')} ms to make)"
        for row in rows.to_dict("records")
    )
    return [
        f"Who begins anew may as well take {told}: less the background nobody can tell these from "
        f"{own['source']} ({rounded(own['bytes_per_document'], ',.0f')} bytes, "
        f"{rounded(own['hash_ms'], '.1f')} ms), and as they come they find more."
    ]


def _others(folder: RunFolder, ranked: str) -> str:
    """All hashes in one way of ranking, by what their differences mean, best first."""
    table = reported(folder, UAP.name, ranked)
    hashes = table[table["package"] != OURS].sort_values("value", ascending=False)
    found: dict[str, list[str]] = {}
    for row in hashes.to_dict("records"):
        ends = row["difference_low"], row["difference_high"]
        said = f"{row['source']} {rounded(row['value'])} ({between(*ends, '+.3f')})"
        found.setdefault(word(*ends, row["n"]), []).append(said)
    told = "; ".join(f"{name}: {', '.join(own)}" for name, own in found.items())
    return (
        f"{UAP.name} {_HOW[ranked]}, of held-out scenes, with the interval of the difference from "
        f"{rounded(table['value'].iloc[0])} of {table['source'].iloc[0]}. "
        f"{told[0].upper()}{told[1:]}."
    )


def _by_edit(folder: RunFolder) -> str:
    """Edits of which a hash finds more than we."""
    table = by_edit(folder)
    hashes = _hashes(folder)
    better = table[(table["difference_low"] > 0) & table["source"].isin(hashes)]
    if better.empty:
        return "No hash is shown to find more of any edit, as they come."
    said = [
        f"{part} {', '.join(f'{row.source} {rounded(row.value)}' for row in own.itertuples())} "
        f"(ours {rounded(own['value'].iloc[0] - own['difference'].iloc[0])})"
        for part, own in better.groupby("part", sort=False)
    ]
    edits = "; ".join(said)
    return f"Edits of which a hash finds more than {_first(folder)}, by {UAP.name}: {edits}."


def _by_part(folder: RunFolder) -> list[str]:
    """Of made edits, natural pairs and each stratum, the best hash beside ours."""
    table = ranked_rows(folder)
    table = table[(table["ranked"] == PLAIN) & (table["measure"] == UAP.name)]
    first, hashes, queries = _first(folder), _hashes(folder), folder.table("queries")
    told = []
    for part in _parts(queries):
        own = table[table["part"] == part].set_index("source")["value"].dropna()
        if len(own):
            best = own[own.index.isin(hashes)].sort_values(ascending=False)
            said = ", ".join(f"{name} {rounded(value)}" for name, value in best.iloc[:3].items())
            told.append(f"{part} {said} (ours {rounded(own[first])})")
    if not told:
        return []
    return [
        f"The best three hashes by part of the queries, {UAP.name} as they come: {'; '.join(told)}."
    ]


def _parts(queries: pd.DataFrame) -> list[str]:
    """Origins and strata of queries."""
    columns = [name for name in ("origin", "stratum") if name in queries]
    return [str(part) for name in columns for part in sorted(set(queries[name]))]


def _hashes(folder: RunFolder) -> list[str]:
    """What is no index of our own."""
    indices = folder.table("indices")
    return [str(name) for name in indices.loc[indices["package"] != OURS, "source"]]


def _perception(folder: RunFolder) -> list[str]:
    """Our reproduction of what perception has published, and the difference."""
    if not (folder.path / "perception.parquet").is_file():
        return []
    table = folder.table("perception")
    mean = table.groupby("source")["recall"].mean().sort_values(ascending=False)
    order = ", ".join(f"{name} {rounded(value, '.1%')}" for name, value in mean.items())
    transforms, pictures = table["transform"].nunique(), table["pictures"].iloc[0]
    told = (
        f"In perception's own form, recall at 99.99 % precision, on average over {transforms} "
        f"transforms of {pictures} photographs: {order}."
    )
    apart = 100 * table["difference"].dropna()
    if apart.empty:
        return [told]
    ends = between(apart.min(), apart.max(), "+.1f")
    return [
        f"{told} For PDQ and pHash that is {ends} points from what perception has published, "
        "likely because its pictures are others: the fewer there are, the farther is the nearest "
        "wrong one."
    ]


def _times(folder: RunFolder, manifest: Mapping[str, Any]) -> str:
    hashes, searches = folder.table("hash_times"), folder.table("search_times")
    size, pictures = rounded(hashes["megapixels"].iloc[0], ".1f"), hashes["pictures"].iloc[0]
    made = ", ".join(f"{row.source} {rounded(row.hash_ms, '.1f')}" for row in hashes.itertuples())
    took = ", ".join(
        f"{row.source} {rounded(row.latency_p50, '.1f')}" for row in searches.itertuples()
    )
    return (
        f"Milliseconds to make it of a decoded photograph of {size} megapixels (median of "
        f"{pictures}; one core, ours in our environment, the others in theirs): {made}. "
        "Milliseconds of a search, in turn (client's median of "
        f"{searches['searches'].iloc[0]}): {took}."
    )


def _first(folder: RunFolder) -> str:
    return str(folder.table("indices")["source"].iloc[0])


def hash_listings(folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
    """The tables of the page."""
    peers, first = manifest["peers"], _first(folder)
    table = ranked_rows(folder)
    packages = sorted(set(folder.table("indices")["package"]) - {OURS})
    versions = ", ".join(f"{name} {peers['packages'][name]}" for name in packages)
    missing = "".join(
        f" {name} is left out: {peers['not_compiled']}" for name in manifest["left_out"]
    )
    notes = {
        PLAIN: f"Held-out scenes, ranked by equal bits, equal words or distance. Hashes by "
        f"{versions} on Python {peers['python']}, of the same pixels as our signatures.{missing}",
        BACKGROUND: "The same less the background of each answer; the rule and its rank are the "
        "best on the half to tune on.",
    }
    listings = [
        Listing(
            f"What does each find, {how}?",
            notes[ranked],
            _main(table[(table["part"] == REPORT) & (table["ranked"] == ranked)], ranked),
        )
        for ranked, how in _HOW.items()
    ]
    queries = folder.table("queries")
    edits = by_edit(folder, 1)
    counts = edits.drop_duplicates("part").set_index("part")["queries"]
    listings.append(
        Listing(
            f"{UAP.name} by edit and kind of natural pair",
            "Of both halves, as they come. Queries: "
            + ", ".join(f"{name} {count}" for name, count in counts.items())
            + ".",
            _wide(edits, list(counts.index)),
        )
    )
    plain = table[(table["ranked"] == PLAIN) & (table["measure"] == UAP.name)]
    parts = _parts(queries)
    if set(parts) & set(plain["part"]):
        note = "Held-out scenes, as they come; natural: pairs that nobody here made."
        listings.append(Listing(f"{UAP.name} by origin and stratum", note, _wide(plain, parts)))
    listings.append(
        Listing(
            f"Differences from {first}",
            "Paired, of held-out scenes, each in the same way of ranking, with intervals.",
            _differences(table[table["part"] == REPORT], first),
        )
    )
    listings.append(
        Listing(
            "What a search takes",
            "The same queries in turn on one engine; took: its own whole milliseconds, latency: "
            "the client's, ratio: of the client's medians.",
            folder.table("search_times"),
        )
    )
    listings.append(
        Listing(
            "What a hash takes",
            "Of whole photographs, decoded before, in turn on one core: our signature in our "
            "environment, the others in theirs.",
            folder.table("hash_times"),
        )
    )
    if (folder.path / "perception.parquet").is_file():
        own = folder.table("perception")
        wide = own.pivot_table(index="transform", columns="source", values="recall", sort=False)
        published = own.dropna(subset=["published"]).pivot_table(
            index="transform", columns="source", values="published", sort=False
        )
        published.columns = [f"{name}, published" for name in published.columns]
        listings.append(
            Listing(
                "Recall at 99.99 % precision, as perception tells it",
                f"Each of {own['pictures'].iloc[0]} photographs of as many scenes, at most 256 "
                "pixels wide or high, edited in every way and compared with all originals.",
                wide.join(published).rename_axis(columns=None).reset_index(),
            )
        )
    return listings


def _main(own: pd.DataFrame, ranked: str) -> pd.DataFrame:
    rows = []
    for source, values in own.groupby("source", sort=False):
        first = values.iloc[0]
        row: dict[str, Any] = {"hash": source, "bits": str(first["bits"] or "words")}
        row["bytes_per_document"] = round(first["bytes_per_document"], 1)
        if ranked == BACKGROUND:
            row |= {"rule": first["rule"], "k": first["k"]}
        for measure in MEASURES:
            one = values[values["measure"] == measure].iloc[0]
            row[measure] = f"{rounded(one['value'])} ({between(one['low'], one['high'])})"
        row["search_ms"] = rounded(first["latency_p50"], ".1f")
        row["hash_ms"] = rounded(first["hash_ms"], ".1f")
        rows.append(row)
    return pd.DataFrame(rows)


def _wide(own: pd.DataFrame, parts: Sequence[str]) -> pd.DataFrame:
    """A row a contender, a column a part."""
    own = own.dropna(subset=["value"])
    there = [part for part in parts if part in set(own["part"])]
    table = own.pivot_table(index="source", columns="part", values="value", sort=False)
    return table[there].rename_axis(columns=None).reset_index()


def _differences(own: pd.DataFrame, first: str) -> pd.DataFrame:
    kept = own[own["source"] != first]
    ends = zip(kept["difference_low"], kept["difference_high"], strict=True)
    return pd.DataFrame(
        {
            "hash": kept["source"],
            "ranked": kept["ranked"].map(_HOW),
            "measure": kept["measure"],
            "value": kept["value"],
            "difference": [rounded(one, "+.3f") for one in kept["difference"]],
            "interval": [between(*one, "+.3f") for one in ends],
            "found": [
                word(*one)
                for one in zip(
                    kept["difference_low"], kept["difference_high"], kept["n"], strict=True
                )
            ],
        }
    )
