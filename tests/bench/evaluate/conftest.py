"""Small tables to evaluate, written as briefly as the tests that read them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

Hit = tuple[int, float, str]
"""Score, distance, relation."""


def _queries(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    defaults = {
        "in_database": True,
        "transform": "jpeg",
        "strength": 1.0,
        "half": "tune",
        "status": "ok",
    }
    table = pd.DataFrame(
        [
            {"query": i, "photo": f"p{i}", "group": f"g{i:03d}"} | defaults | row
            for i, row in enumerate(rows)
        ]
    )
    return table.astype({"in_database": bool, "strength": float})


def _candidates(answers: dict[int, Sequence[Hit]], variant: str = "tester") -> pd.DataFrame:
    rows = [
        {
            "variant": variant,
            "query": query,
            "rank": rank,
            "doc": 100 * query + rank,
            "score": score,
            "distance": distance,
            "relation": relation,
        }
        for query, hits in answers.items()
        for rank, (score, distance, relation) in enumerate(hits)
    ]
    columns = ["variant", "query", "rank", "doc", "score", "distance", "relation"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"query": int, "rank": int, "doc": int, "score": int, "distance": float}
    )


def _random(seed: int, n_queries: int = 60, n_groups: int = 12) -> tuple[Any, Any]:
    random = np.random.default_rng(seed)
    no_match = random.random(n_groups) < 0.25
    rows, answers = [], {}
    for query in range(n_queries):
        group = int(random.integers(n_groups))
        failed = random.random() < 0.05
        rows.append(
            {
                "group": f"g{group:03d}",
                "in_database": not no_match[group],
                "transform": str(random.choice(["jpeg", "crop", "blur"])),
                "half": "tune" if group % 2 else "report",
                "status": "failed" if failed else "ok",
            }
        )
        if failed:
            continue
        hits: list[Hit] = [
            (int(score), round(float(distance), 2), str(relation))
            for score, distance, relation in zip(
                random.integers(1, 6, 8),
                random.uniform(0.4, 0.8, 8),
                random.choice(["wrong", "wrong", "wrong", "ignored"], 8),
                strict=True,
            )
        ]
        if not no_match[group] and random.random() < 0.9:
            score = int(random.integers(2, 9))
            hits[0] = (score, round(0.65 - score / 20, 2), "right")
        answers[query] = sorted(hits, key=lambda hit: -hit[0])
    return _queries(rows), _candidates(answers)


@pytest.fixture(scope="session")
def make_queries() -> Callable[..., pd.DataFrame]:
    """From a list of what is special about each query to the queries table."""
    return _queries


@pytest.fixture(scope="session")
def make_candidates() -> Callable[..., pd.DataFrame]:
    """From the hits of each query to the candidates table."""
    return _candidates


@pytest.fixture(scope="session")
def random_tables() -> Callable[..., tuple[pd.DataFrame, pd.DataFrame]]:
    """From a seed to queries and candidates of the variant ``tester``, N = 8."""
    return _random
