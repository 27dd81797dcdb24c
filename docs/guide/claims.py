"""Claims that users of image-match make, with what answers each, from what was measured."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pandas as pd

from bench.report.axes import where
from bench.report.historical import GB, PUBLISHED
from bench.report.rounding import between, rounded
from bench.report.summary import metric
from bench.runs.folder import RunFolder
from guide.markdown import table
from tools.claims import DOCUMENTS, FEW, RECORDED, SHARDS_THEN

_RESULTS = Path(__file__).resolve().parents[2] / "results"
_TRACKER = "https://github.com/ProvenanceLabs/image-match"
#: The issue "Signature Compression", which most claims are from.
_ISSUE = f"[#2]({_TRACKER}/issues/2)"
_ALL = "https://www.elastic.co/guide/en/elasticsearch/reference/5.4/mapping-all-field.html"
_LIVE = "`tools/claims.csv`"

#: Claim and where it stands, verdict in a word or two, what says so and why, and where that is.
Row = tuple[str, str, str, str]

HOLDS, FAILS, UNTOLD = "holds", "does not hold", "cannot be told"


def sizes() -> str:
    """Claims about bytes."""
    run, layouts = _run("reference"), _run("reference-layouts")
    ours = _bytes(run)
    named = {one.what: one for one in PUBLISHED}
    plain = named["integer array"]
    grown = _run("reference-scale-1m").table("sizes")
    same = where(grown, variant="tester", origin="collection", documents=plain.documents).iloc[0]
    largest = where(_run("reference-scale").table("sizes"), variant="tester")
    near = largest.sort_values("documents").iloc[-1]
    apart, squares = (
        one["bytes_per_document"] / plain.bytes_per_document - 1 for one in (same, near)
    )
    then, without = named["with signature"], named["without signature"]
    short = _bytes(layouts)
    rows: list[Row] = [
        (
            f"As base-36 or base-62 text a signature takes less than as an array, {_ISSUE}",
            HOLDS,
            f"{ours['tester']} bytes a document as an array, {ours['tester_str']} as base-62 text. "
            f"Most of it is the mapping, not the encoding: an array is indexed and kept by column",
            "`results/reference`",
        ),
        (
            f"Without signatures the index shrinks from 31.2gb to 11.9gb, {_ISSUE}",
            HOLDS,
            f"{then.bytes_per_document / without.bytes_per_document:.1f} times a document there, "
            f"{_ratio(run, 'tester', 'tester_none')} here",
            "`results/reference`",
        ),
        (
            f"200,000 images take 710.4mb, {_ISSUE}",
            _within(min(apart, squares, key=abs), 0.05),
            f"{rounded(plain.bytes_per_document, ',.0f')} bytes a document, as Elasticsearch's mb "
            "are 1,048,576 bytes; with just as many `tester` takes "
            f"{rounded(same['bytes_per_document'], ',.0f')} of pictures, plain ones among them "
            f"({rounded(100 * apart, '+.1f')} %), and with {near['documents']:,} "
            f"{rounded(near['bytes_per_document'], ',.0f')} of textured squares "
            f"({rounded(100 * squares, '+.1f')} %): plain signatures have more zeros",
            "`results/reference-scale-1m`, `results/reference-scale`",
        ),
        _reported(),
        (
            f"Without signatures 800 million images take 1.2TB, {_ISSUE}",
            "follows",
            f"{rounded(without.bytes_per_document * 800e6 / 1e12, '.2f')}e12 bytes is what 11.9gb "
            f"for {without.documents:,} come to, {rounded(_feared() / 1e12, '.2f')}e12 what our "
            "fit of `tester_none` says of primaries",
            "`results/reference-scale`",
        ),
        _names(short),
        _hundred(),
    ]
    return _table(rows)


def accuracy() -> str:
    """Claims about words and scores, and about time."""
    return _table([*_fewer(), _one_field(), _scores(), _encoding(), *_checked()])


BLOCKS: dict[str, Callable[[], str]] = {"claims-sizes": sizes, "claims-accuracy": accuracy}
"""Made parts by the name in their marks."""


def _table(rows: list[Row]) -> str:
    return table(["claim", "verdict", "measured, and why", "from"], rows)


def _run(name: str) -> RunFolder:
    return RunFolder(_RESULTS / name)


def _bytes(run: RunFolder) -> dict[str, str]:
    variants = run.table("variants").set_index("variant")["bytes_per_document"]
    return {str(name): rounded(size, ",.0f") for name, size in variants.items()}


def _ratio(run: RunFolder, a: str, b: str) -> str:
    of = run.table("variants").set_index("variant")["bytes_per_document"]
    return rounded(of[a] / of[b], ".1f")


def _within(apart: float, tolerance: float) -> str:
    return HOLDS if abs(apart) <= tolerance else FAILS


def _recorded(**wanted: object) -> pd.DataFrame:
    rows = pd.read_csv(RECORDED, keep_default_na=False)
    for column, value in wanted.items():
        rows = rows[rows[column] == value]
    return rows


def _value(**wanted: object) -> float:
    (value,) = _recorded(**wanted)["value"]
    return float(value)


def _each(what: str, change: str, documents: int = DOCUMENTS, shards: int = 1) -> float:
    size = _value(what="bytes", index=what, change=change, documents=documents, shards=str(shards))
    return size / documents


def _reported() -> Row:
    scale = _run("reference-scale").table("reported").set_index("figure")
    told, shares = [], []
    loaded = []
    for run in ("reference-scale-2m", "reference-scale-8m"):
        sizes = _run(run).table("sizes")
        largest = sizes.loc[sizes["documents"].idxmax()]
        loaded.append(
            f"{largest['documents']:,} documents of `{largest['variant']}` take "
            f"{rounded(largest['bytes_per_document'], ',.0f')} each"
        )
    for figure, index in (("with_signature", "tester"), ("without_signature", "tester_none")):
        one = scale.loc[figure]
        apart = one["reported_bytes_per_document"] - one["projected_bytes_per_document"]
        then = _each(index, "timestamp and _all") - _each(index, "none")
        shares.append(then / apart)
        told.append(
            f"{rounded(one['reported_bytes_per_document'], ',.0f')} bytes a document, "
            f"{rounded(apart, ',.0f')} more than our fit says of `{index}`; a timestamp, which "
            f"image-match adds, and `_all` come to {rounded(then, ',.0f')}"
        )
    return (
        f"7,488,880 images take 31.2gb, and 8,316,821 without signatures 11.9gb, {_ISSUE}",
        "explained" if all(0.8 < share < 1.2 for share in shares) else "explained in part",
        f"{31.2 * GB / 1e9:.1f}e9 and {11.9 * GB / 1e9:.1f}e9 bytes. {'. '.join(told)}. Loaded "
        f"here, {' and '.join(loaded)}. "
        f"[`_all`]({_ALL}) was a copy of every value that Elasticsearch indexed until 6.0; here a "
        "field by `copy_to` stands in for it. Paths, deleted documents and segments that were "
        "never merged are not known",
        "`results/reference-scale`, `results/reference-scale-2m`, `results/reference-scale-8m`, "
        f"{_LIVE}",
    )


def _feared() -> float:
    scale = _run("reference-scale").table("reported").set_index("figure")
    return 1e9 * float(scale.loc["feared_without_signature", "projected_gb"])


def _names(layouts: dict[str, str]) -> Row:
    saved = {one: _each(one, "none") - _each(one, "w_ names") for one in ("tester", "tester_none")}
    shares = [100 * saved[one] / _each(one, "none") for one in saved]
    return (
        f"Calling `simple_word_0` … `w_0` … reduces the index very insignificantly, {_ISSUE}",
        HOLDS if max(shares) < 5 else FAILS,
        f"{rounded(saved['tester'], '.0f')} bytes a document of `tester` and "
        f"{rounded(saved['tester_none'], '.0f')} of `tester_none` "
        f"({rounded(min(shares), '.1f')} and {rounded(max(shares), '.1f')} %): names are in every "
        "`_source`, where they compress well. Without the words in `_source` names take nothing: "
        f"{layouts['integer_filtered']} bytes with long ones, {layouts['short_names']} with short "
        "ones",
        f"{_LIVE}, `results/reference-layouts`",
    )


def _hundred() -> Row:
    theirs = {one.what.partition(":")[0]: one for one in PUBLISHED if one.documents == FEW}
    large = _run("reference").table("variants").set_index("variant")["bytes_per_document"]
    told = []
    for index in ("tester_str", "tester_none"):
        there = 1 - theirs[index].store_bytes / theirs["tester"].store_bytes
        few, one = (
            1 - _each(index, "none", FEW, shards) / _each("tester", "none", FEW, shards)
            for shards in (SHARDS_THEN, 1)
        )
        shares = [rounded(100 * share, ".0f") for share in (there, few, one)]
        told.append(
            f"`{index}` is smaller than `tester` by {shares[0]} % there, by {shares[1]} % here in "
            f"{SHARDS_THEN} shards, {shares[2]} % in one, and "
            f"{rounded(100 * (1 - large[index] / large['tester']), '.0f')} % at 20,000 documents"
        )
    return (
        f"100 pictures show what an encoding saves, {_ISSUE}",
        FAILS,
        f"{'; '.join(told)}. {FEW} pictures are mostly what every index and each shard takes "
        f"({rounded(_each('tester_none', 'none', FEW, SHARDS_THEN), ',.0f')} bytes a document "
        f"without any signature, {rounded(large['tester_none'], ',.0f')} at 20,000): they show the "
        "order, not the size, and nothing of ranking",
        f"{_LIVE}, `results/reference`",
    )


def _fewer() -> list[Row]:
    run = _run("reference-sweep")
    sweep = run.table("sweep").query("measure == 'uAP' and ranking == 'score'")
    plain = sweep.query("alphabet == 'ternary' and spacing == 'even' and strip == 'none'")
    pairs = [
        (few, many)
        for _, alike in plain.sort_values("N").groupby("k")
        for few, many in combinations(alike.to_dict("records"), 2)
    ]
    better = [(few, many) for few, many in pairs if few["value"] > many["value"]]
    few, many = max(better, key=lambda pair: pair[0]["value"] - pair[1]["value"])
    of_all = min(
        plain.query("difference_low > 0").to_dict("records"), key=lambda one: (one["N"], one["k"])
    )
    own = plain.set_index("variant").loc["63x16"]
    ten = plain.set_index("variant").loc["100x10"]
    documents = run.manifest()["dataset"]["documents"]
    return [
        (
            f"Fewer words strictly decrease accuracy, {_ISSUE}",
            "not strictly",
            f"At equal length the fewer do better in {len(better)} of {len(pairs):,} pairs, as "
            f"{few['N']} words of {few['k']} (uAP {rounded(few['value'])}) beside {many['N']} "
            f"({rounded(many['value'])}): where words start matters too. With another length fewer "
            f"do better for sure: {of_all['N']} words of {of_all['k']} have "
            f"{rounded(of_all['value'])}, 63 of 16 have {rounded(own['value'])} (difference "
            f"{between(of_all['difference_low'], of_all['difference_high'], '+.3f')})",
            "`results/reference-sweep`",
        ),
        (
            f"100 words of 10 do, {_ISSUE}",
            "better" if ten["difference_low"] > 0 else UNTOLD,
            f"uAP {rounded(ten['value'])} by score, 63 of 16 have {rounded(own['value'])} "
            f"(difference {between(ten['difference_low'], ten['difference_high'], '+.3f')}), for "
            f"{rounded(ten['bytes_per_document'], ',.0f')} bytes a document instead of "
            f"{rounded(own['bytes_per_document'], ',.0f')}; at {documents:,} documents",
            "`results/reference-sweep`",
        ),
    ]


def _one_field() -> Row:
    run = _run("reference-layouts")
    size, searched = _bytes(run), run.table("search_cost")
    plain = (searched["clients"] == 1) & (searched["minimum_should_match"] == 1)
    plain &= (searched["fetch"] == "signature") & (searched["state"] == "warm")
    p50 = searched[plain & (searched["clock"] == "latency")].set_index("variant")["p50"]
    faster = 1 - p50["tagged_integer"] / p50["integer_filtered"]
    smaller = 1 - int(size["tagged_integer"]) / int(size["integer_filtered"])
    return (
        "One field for all words is 10 % smaller and takes 36 % less time to search, "
        f"[#83]({_TRACKER}/pull/83)",
        HOLDS if smaller >= 0.1 and faster >= 0.36 else FAILS,
        f"{rounded(100 * smaller, '.1f')} % smaller and searched in "
        f"{rounded(100 * faster, '.0f')} % less time: {size['tagged_integer']} bytes a document "
        f"instead of {size['integer_filtered']}, both without doc values. Dropping these and the "
        f"words in `_source` is what saves (`integer`: {size['integer']}). A text field, as there, "
        "scores by BM25",
        "`results/reference-layouts`",
    )


def _scores() -> Row:
    few, many = (
        {kind: _value(what="score", index=kind, documents=size) for kind in ("long", "keyword")}
        for size in (FEW, DOCUMENTS)
    )
    fell = _value(what="scores that fell", index="keyword")
    return (
        f"A score falls as the collection grows, because of IDF, {_ISSUE}",
        FAILS,
        f"A picture found for itself scores {rounded(few['long'], '.0f')} at {FEW} documents and "
        f"{rounded(many['long'], '.0f')} at {DOCUMENTS:,} where words are numbers, as image-match "
        "has them: each counts 1. In `keyword` fields of the default similarity it is "
        f"{rounded(few['keyword'], '.0f')} and {rounded(many['keyword'], '.0f')}: it depends on "
        f"the collection, and grows with it ({rounded(100 * fell, '.0f')} % of {FEW} fell), since "
        "words get rarer. With `similarity: boolean` each counts 1 again. What does fall is the "
        "precision of a cutoff: wrong pairs grow with the collection",
        f"{_LIVE}, `tests/tools/test_claims.py`",
    )


def _encoding() -> Row:
    (one,) = _recorded(what="encoding while generating").to_dict("records")
    share = _value(what="share of encoding")
    low, high = float(one["low"]), float(one["high"])
    return (
        f"Encoding a signature while it is generated saves something, {_ISSUE}",
        UNTOLD if low > 1 or high < 1 else "no",
        f"{rounded(float(one['value']), '.2f')} times as long ({between(low, high, '.2f')}) "
        f"as encoding afterwards. Nothing can be saved: encoding is "
        f"{rounded(100 * share, '.1f')} % of the time, decoding the picture nearly all",
        _LIVE,
    )


def _checked() -> list[Row]:
    """The claims that each run checks."""
    run = _run("reference")
    rows: list[Row] = []
    checked = run.table("claims").query("variant == 'tester'")
    for claim, own in checked.groupby("claim", sort=False):
        verdicts = set(own["verdict"])
        of_all = verdicts.pop() if len(verdicts) == 1 else FAILS if FAILS in verdicts else UNTOLD
        told = "; ".join(
            f"{one['condition']}: {_shown(one)}, {one['verdict']}" for one in own.to_dict("records")
        )
        rows.append((f"{claim} {_ISSUE}", of_all, told, "`results/reference`"))
    found = metric(run.table("metrics"), "tester", "score", "candidate_recall@100").value
    rows.append(
        (
            f"A larger copy, at distance 0.31, is not found at all, [#64]({_TRACKER}/issues/64)",
            "happens",
            f"{rounded(100 * (1 - found), '.1f')} % of the copies are not among the first 100: "
            "they share too few words, whatever their distance",
            "`results/reference`",
        )
    )
    return rows


def _shown(one: dict[str, object]) -> str:
    value, low, high = (float(str(one[column])) for column in ("value", "low", "high"))
    if str(one["condition"]).startswith("F1"):
        return f"{rounded(value, '+.3f')} ({between(low, high, '+.3f')})"
    return f"{rounded(100 * value, '.1f')} % ({between(100 * low, 100 * high, '.1f')})"
