"""Recompute an experiment: who is right, every measure, every summary of times."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import numpy as np
import pandas as pd
from rich.progress import Progress

from bench.cost.indexing import summarize_indexing
from bench.cost.searching import summarize_searches
from bench.evaluate.comparisons import corrected
from bench.index.variant import Variant
from bench.kinds.experiment.config import Experiment
from bench.kinds.experiment.tables import config_columns, evaluation_tables
from bench.runs.check import KERNELS, ROUNDING, Check, agree, same_table, same_tables
from bench.signing.sign import Signed
from datasets.published import BENCHMARKS
from imgsig.layouts import get_layout

#: Resamples whose difference may be 0 on one processor and round to either side on another.
TIES = 2


def check_counts(
    tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any], names: list[str]
) -> Check:
    """Whether the tables hold as many variants, documents, queries and hits as were measured."""
    variants, dataset = tables["variants"], manifest["dataset"]
    problems = []
    if variants["variant"].to_list() != names:
        problems.append(f"variants are {', '.join(variants['variant'])}, not {', '.join(names)}")
    documents = int((tables["documents"]["doc"] >= 0).sum())
    for what, counted, said in (
        ("documents", documents, dataset["documents"]),
        ("queries", len(tables["queries"]), dataset["queries"]),
        ("verified hits", int(variants["verified_hits"].sum()), manifest["verified_hits"]),
    ):
        if counted != said:
            problems.append(f"{counted:,} {what}, the manifest says {said:,}")
    hits = tables["candidates"].groupby("variant").size().to_dict()
    for row in variants.to_dict("records"):
        name, kept = row["variant"], hits.get(row["ranks_as"], 0)
        if row["documents"] != documents:
            problems.append(f"{name} has {row['documents']:,} documents of {documents:,}")
        if row["verified_hits"] != kept:
            problems.append(f"{name}: {row['verified_hits']:,} verified hits, {kept:,} candidates")
        if row["bytes_per_document"] != row["store_bytes"] / row["documents"]:
            problems.append(f"{name}: bytes a document are not store over documents")
        if row["segments"] != row["shards"]:
            problems.append(f"{name} has {row['segments']} segments in {row['shards']} shards")
    found = f"{len(variants)} indices, {documents:,} documents, {manifest['verified_hits']:,} hits"
    return agree("counts agree", problems, found)


def check_order(tables: Mapping[str, pd.DataFrame], variants: list[Variant], size: int) -> Check:
    """Whether every query's hits are distinct documents, ranked, and within the possible."""
    searched = set(tables["queries"].loc[tables["queries"]["status"] == "ok", "query"])
    problems: list[str] = []
    by_name = {variant.index_name: variant for variant in variants}
    for name, rows in tables["candidates"].groupby("variant", sort=False):
        found = _order_problems(rows, by_name[str(name)], searched, size)
        problems += [f"{name}: {problem}" for problem in found]
    n_hits = len(tables["candidates"])
    return agree("hits are ranked and possible", problems, f"{n_hits:,} hits")


def _order_problems(
    rows: pd.DataFrame, variant: Variant, searched: set[int], size: int
) -> Iterator[str]:
    if not set(rows["query"]) <= searched:
        yield "there are hits of queries that were not searched"
    if rows.duplicated(["query", "doc"]).any():
        yield "a document is listed twice for a query"
    ordered = rows.sort_values(["query", "rank"], kind="stable")
    if (ordered.groupby("query").cumcount() != ordered["rank"]).any():
        yield "ranks are not 0, 1, 2, …"
    if (rows.groupby("query").size() > size).any():
        yield f"a query has more than {size} hits"
    step = ordered.groupby("query")["score"].diff()
    if (step > 0).any():
        yield "a score is above the one before it"
    if variant.counts_words and not rows["score"].between(1, variant.largest_score).all():
        yield f"a score is not 1..{variant.largest_score}"
    for column in ("distance", "sign_distance"):
        values = rows[column].dropna()
        if len(values) not in (0, len(rows)):
            yield f"{column} is missing in some rows"
        if not values.between(0, 1 + 1e-6).all():
            yield f"a {column} is not 0..1"
    if rows["distance"].notna().any() != (variant.stores_signature and not rows.empty):
        yield "distances are there without stored signatures, or missing with them"


def check_relations(tables: Mapping[str, pd.DataFrame], collection: str) -> Check:
    """Whether who is right follows from where documents and queries come from.

    Benchmarks list who is right in files of their own, which a result does not hold. So do pairs of
    a collection: of their queries, the right answers are checked against ``doc`` and ``n_right``.
    """
    name = "relations follow from the pictures"
    if collection.partition(":")[0] in BENCHMARKS:
        return Check(name, True, f"not checked: {collection} lists them, this result does not")
    candidates = tables["candidates"]
    none = np.zeros((0, 0), dtype=np.int8)
    truth = Signed(tables["documents"], tables["queries"], none, none, {})
    again = truth.relations(candidates["query"].to_numpy(), candidates["doc"].to_numpy())
    queries = tables["queries"].set_index("query")
    origin = queries["origin"] if "origin" in queries else pd.Series("made", index=queries.index)
    listed = (candidates["query"].map(origin) == "natural").to_numpy()
    wrong = candidates.loc[~listed & (candidates["relation"].to_numpy() != again)]
    of_pairs = candidates[listed]
    is_right = of_pairs["relation"] == "right"
    is_first = of_pairs["doc"] == of_pairs["query"].map(queries["doc"])
    alone = of_pairs["query"].map(queries["n_right"]) == 1
    wrong = pd.concat([wrong, of_pairs[(is_first & ~is_right) | (alone & is_right & ~is_first)]])
    problems = [
        f"query {row.query}, document {row.doc} of {row.variant} is called {row.relation}"
        for row in wrong.head(4).itertuples()
    ]
    found = of_pairs[is_right].groupby(["variant", "query"]).size().rename("found").reset_index()
    problems += [
        f"query {row.query} of {row.variant} has {row.found} right answers, more than its n_right"
        for row in found[found["found"] > found["query"].map(queries["n_right"])].itertuples()
    ]
    right = int((candidates["relation"] == "right").sum())
    return agree(name, problems, f"{right:,} right answers found")


def recompute_experiment(
    experiment: Experiment,
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    progress: Progress,
) -> Iterator[Check]:
    """Check the raw rows, then evaluate the candidates and sum up the samples of times again."""
    variants = experiment.expand()
    raw = (
        check_counts(tables, manifest, [variant.index_name for variant in variants]),
        check_order(tables, variants, experiment.search.size),
        check_relations(tables, experiment.dataset.collection),
    )
    yield from raw
    if not all(check.holds for check in raw):  # nothing follows from rows that are wrong themselves
        return
    stored = tables["variants"]
    again = evaluation_tables(
        experiment,
        variants,
        dict(zip(stored["variant"], stored["ranks_as"], strict=True)),
        queries=tables["queries"],
        candidates=tables["candidates"],
        cut=tables["cut"],
        n_documents=int((tables["documents"]["doc"] >= 0).sum()),
        progress=progress,
    )
    if "comparisons" in tables:
        again["comparisons"] = _same_ties(tables["comparisons"], again["comparisons"], experiment)
    if experiment.cost is not None:
        again["search_cost"] = summarize_searches(tables["search_samples"], experiment.cost)
        again["index_cost"] = summarize_indexing(tables["index_samples"], experiment.cost)
    yield from same_tables(tables, again, KERNELS)  # intervals are matrix products
    yield same_table("variants", stored, _variants_again(stored, variants, tables["fields"]))


def _same_ties(stored: pd.DataFrame, again: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Comparisons again, with the stored ``p`` where it is but `TIES` resamples away.

    ``p`` counts the resamples whose difference is at most 0: one that is 0 but for rounding falls
    on either side. What is corrected for many comparisons is worked out from that ``p``.
    """
    settings = experiment.evaluation
    if again.empty or len(stored) != len(again) or list(stored.columns) != list(again.columns):
        return again
    step = 2 * TIES / (1 + settings.resamples)
    near = (stored["p"] - again["p"]).abs() <= step * (1 + ROUNDING)
    rows = again.assign(p=again["p"].mask(near, stored["p"])).to_dict("records")
    settled = corrected(cast("list[dict[str, Any]]", rows), settings.confidence)
    return pd.DataFrame(settled)[list(again.columns)]


def _variants_again(
    stored: pd.DataFrame, variants: list[Variant], fields: pd.DataFrame
) -> pd.DataFrame:
    """The table of variants with all that follows from the config and from estimated bytes."""
    by_field = fields.assign(field=fields["field"].str.split(".").str[0])
    taken = by_field.groupby(["variant", "field"])["bytes"].sum().to_dict()
    told, rows = set(fields["variant"]), []
    for row, one in zip(stored.to_dict("records"), variants, strict=True):
        name, signature = one.index_name, get_layout(one.layout).signature.name
        again = {
            **config_columns(one),
            "source_bytes": np.nan,
            "signature_bytes": np.nan,
        }
        if name in told:
            for column, field in (("source_bytes", "_source"), ("signature_bytes", signature)):
                again[column] = int(taken.get((name, field), 0)) / row["documents"]
        rows.append({column: again.get(str(column), row[column]) for column in stored})
    return pd.DataFrame(rows)
