"""Recompute a sweep: its grid, the engine's confirmation, its front."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.grid import expand
from bench.kinds.sweep.tables import pareto_table, signature_bytes, sizes_by_ranking
from bench.runs.check import Check, agree, same_table, same_tables
from bench.sizes.size_model import SIZE


def check_schemes(
    sweep: Sweep, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Check:
    """Whether every scheme of the grid was simulated, by every ranking."""
    grid = expand(sweep)
    points, problems = tables["sweep"], []
    for ranking in sweep.rankings:
        simulated = set(points.loc[points["ranking"] == ranking, "variant"])
        if missing := sorted(set(grid.schemes) - simulated):
            problems.append(f"{len(missing)} schemes have no {ranking}, first {missing[0]}")
        if unknown := sorted(simulated - set(grid.schemes)):
            problems.append(f"{len(unknown)} schemes are not of the grid, first {unknown[0]}")
    if len(grid.schemes) != manifest["schemes"]:
        problems.append(f"{len(grid.schemes)} schemes, the manifest says {manifest['schemes']}")
    if len(grid.left_out) != len(tables["left_out"]):
        problems.append(f"{len(grid.left_out)} combinations are impossible, not as many left out")
    found = f"{len(grid.schemes)} schemes by {', '.join(sweep.rankings)}"
    return agree("every scheme was simulated", problems, found)


def check_confirmed(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> Check:
    """Whether the engine's hits were those of the simulator in every index of the sample."""
    confirmed = tables["confirmed"]
    problems = []
    if (hits := int(confirmed["hits"].sum())) != manifest["verified_hits"]:
        problems.append(f"{hits:,} hits, the manifest says {manifest['verified_hits']:,}")
    known = set(tables["sweep"]["variant"])
    problems += [
        f"{name} is not of the sweep" for name in confirmed["variant"] if name not in known
    ]
    found = f"{len(confirmed)} indices, {hits:,} hits"
    return agree("the engine confirmed a sample", problems, found)


def recompute_sweep(
    sweep: Sweep, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """See that every scheme is there and was confirmed; choose the front again."""
    yield check_schemes(sweep, tables, manifest)
    yield check_confirmed(tables, manifest)
    yield same_table("left_out", tables["left_out"], expand(sweep).left_out)
    yield from same_tables(tables, _measured_again(tables))
    sized = _sized_again(sweep, tables)
    yield same_table("sweep", tables["sweep"], sized)
    yield same_table("pareto", tables["pareto"], pareto_table(sized))


def _measured_again(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Sizes and tests of predictions, with measured sizes taken from the confirmed indices."""
    keys, confirmed = ["variant", "layout"], tables["confirmed"]
    live = confirmed[confirmed["codec"] == "none"].set_index(keys)["bytes_per_document"]
    sizes, test = tables["sizes"].copy(), tables["size_test"]
    measured = sizes["size_source"] == "measured"
    for column in ("bytes_per_document", "bytes_low", "bytes_high"):
        own = pd.MultiIndex.from_frame(sizes.loc[measured, keys])
        sizes.loc[measured, column] = live.reindex(own).to_numpy()
    of_test = live.reindex(pd.MultiIndex.from_frame(test[keys])).to_numpy()
    test = test.assign(measured=of_test, relative_error=test["predicted"] / of_test - 1)
    return {"sizes": sizes, "size_test": test}


def _sized_again(sweep: Sweep, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The sweep's rows with their sizes, from the sizes of words and of a stored signature."""
    reference = expand(sweep).required[0]
    live: Any = tables["confirmed"].to_dict("records")
    signature = signature_bytes(sweep, reference, live)
    stored = tables["sweep"]
    again = stored.drop(columns=list(SIZE)).merge(
        sizes_by_ranking(sweep, tables["sizes"], reference, signature),
        on=["variant", "ranking"],
        how="left",
        validate="many_to_one",
    )
    again["size_source"] = again["size_source"].fillna("none")
    return again[stored.columns]
