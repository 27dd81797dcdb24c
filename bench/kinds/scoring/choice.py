"""What is recommended: the smallest index, and its scoring, no worse than the reference."""

import pandas as pd

from bench.evaluate.judge import RECALL_AT_99, REPORT
from bench.evaluate.measures import UAP
from bench.evaluate.scorings import REFERENCE, get_scoring

#: Measures in which what is recommended must not be worse than the reference.
NEEDED = (UAP.name, RECALL_AT_99.name)


def joined(
    systems: pd.DataFrame, values: pd.DataFrame, parts: list[str] | None = None
) -> pd.DataFrame:
    """Every index and scoring with its bytes, and its values on each part."""
    values = values[values["part"] != "all"]
    if parts is not None:
        values = values[values["part"].isin(parts)]
    table = systems.merge(values, on=["source", "scoring"])
    scorings = [get_scoring(name) for name in table["scoring"]]
    return table.assign(
        rule=[one.rule for one in scorings], value_of=[one.value for one in scorings]
    )


def not_worse(systems: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Indices and scorings that are shown to be no worse than the reference, smallest first.

    No worse is what has the lower bounds of its differences in `NEEDED` at 0 or above. Of one
    index the scoring of the best lower bound of `uAP` comes first.
    """
    table = joined(systems, values, [REPORT])
    needed = table[table["measure"].isin(NEEDED)]
    least = needed.groupby(["index", "scoring"], sort=False)["difference_low"].min()
    first = (table["index"].iloc[0], REFERENCE)
    as_good = [one for one in least[least >= 0].index if one != first]
    own = table[table["measure"] == UAP.name].set_index(["index", "scoring"], drop=False)
    found = own.loc[own.index.isin(as_good)]
    order = ["bytes_per_document", "difference_low"]
    return found.sort_values(order, ascending=[True, False], kind="stable").reset_index(drop=True)


def recommended(systems: pd.DataFrame, values: pd.DataFrame) -> tuple[str, str]:
    """The list and scoring of the smallest index that is no worse; else the reference's own."""
    better = not_worse(systems, values)
    better = better[better["bytes_per_document"] < systems["bytes_per_document"].iloc[0]]
    if better.empty:
        return str(systems["source"].iloc[0]), REFERENCE
    return str(better["source"].iloc[0]), str(better["scoring"].iloc[0])
