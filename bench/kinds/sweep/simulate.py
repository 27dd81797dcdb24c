"""All schemes of a grid, on all cores; each finished one is kept as a file of its own."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from bench.index.variant import parameters
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.quality import Evaluator
from bench.runs.folder import read_json, write_json
from bench.signing.sign import load_signed
from datasets.parallel import in_parallel
from imgsig import WordScheme

Advance = Callable[[int], object]

#: Schemes a worker takes at a time: neighbours share words, few keep the progress steady.
_BATCH = 8


def simulate_all(
    schemes: Mapping[str, WordScheme], sweep: Sweep, work: Path, advance: Advance
) -> None:
    """Simulate and evaluate the schemes that are not done yet.

    Parameters
    ----------
    work : Path
        Folder of the unfinished run; the signatures are in its subfolder ``signed``.
    """
    waiting = {name: one for name, one in schemes.items() if not _file(work, name).is_file()}
    advance(len(schemes) - len(waiting))
    config = sweep.model_dump_json()
    for done in in_parallel(_simulate, ((work, config, batch) for batch in _batches(waiting))):
        advance(done)


def read_simulated(schemes: Mapping[str, WordScheme], work: Path) -> dict[str, dict[str, Any]]:
    """What was found of each scheme, by name: the fields of `SchemeQuality`."""
    return {name: read_json(_file(work, name)) for name in schemes}


def quality_table(
    schemes: Mapping[str, WordScheme], simulated: Mapping[str, Mapping[str, Any]]
) -> pd.DataFrame:
    """One row a scheme, ranking and measure; see `bench.kinds.sweep.quality`."""
    return pd.DataFrame(
        {"variant": name, **parameters(scheme), **_numbers(row)}
        for name, scheme in schemes.items()
        for row in simulated[name]["rows"]
    )


def wrong_pairs_table(
    schemes: Mapping[str, WordScheme], simulated: Mapping[str, Mapping[str, Any]]
) -> pd.DataFrame:
    """One row a scheme and score: how many wrong query–document pairs have it."""
    rows = [
        (name, score, pairs)
        for name in schemes
        for score, pairs in enumerate(simulated[name]["wrong_pairs"])
    ]
    return pd.DataFrame(rows, columns=["variant", "score", "pairs"])


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: float("nan") if value is None else value for key, value in row.items()}


def _file(work: Path, name: str) -> Path:
    return work / "simulated" / f"{name}.json"


def _batches(schemes: Mapping[str, WordScheme]) -> list[dict[str, WordScheme]]:
    """Schemes that can share words, together."""
    families: dict[tuple[Any, ...], list[str]] = {}
    for name, scheme in schemes.items():
        family = (scheme.alphabet, scheme.strip, scheme.k)
        families.setdefault(family, []).append(name)
    return [
        {name: schemes[name] for name in names[start : start + _BATCH]}
        for names in families.values()
        for start in range(0, len(names), _BATCH)
    ]


def _simulate(work: Path, config: str, schemes: Mapping[str, WordScheme]) -> int:
    """Simulate a batch in a worker; what an earlier start has done in between stays."""
    evaluator = _evaluator(work, config)
    for name, scheme in schemes.items():
        quality = asdict(evaluator.evaluate(scheme))
        for row in quality["rows"]:
            # JSON has no NaN, and a measure without an interval has none to write.
            row.update({key: None for key, value in row.items() if _is_nan(value)})
        write_json(_file(work, name), quality)
    return len(schemes)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


@lru_cache(maxsize=1)
def _evaluator(work: Path, config: str) -> Evaluator:
    """The evaluator of this process: signatures and resamples are read once."""
    sweep = Sweep.model_validate_json(config)
    signed = load_signed(work / "signed")
    return Evaluator(signed, sweep)
