"""The table of goals on the terminal."""

import numpy as np
import pandas as pd
from rich.console import Console

from bench.kinds.speed.config import BESIDE
from bench.report.rounding import rounded
from imgsig.cli.table import WholeTable


def print_goals(goals: pd.DataFrame, console: Console) -> None:
    """Print the table of goals: one line a goal, decoding alone beside it."""
    table = WholeTable(title="Signatures, one core, beside image-match", title_justify="left")
    table.add_column("")
    for heading in ("image-match", "ours", "decode", "ratio", "95 % interval", "goal"):
        table.add_column(heading, justify="right")
    table.add_column("met")
    for title in dict.fromkeys(goals["goal"]):
        rows = goals[goals["goal"] == title].set_index("tool")
        tool = str(rows.index[0])
        ours, peer = rows.loc[tool], rows.loc[BESIDE[tool][0]]
        decode = (
            f"{rounded(rows.loc['decode', 'milliseconds'], '.1f')} ms"
            if "decode" in rows.index
            else "–"
        )
        wanted = ours["wanted"]
        table.add_row(
            str(title),
            f"{rounded(peer['milliseconds'], '.1f')} ms",
            f"{rounded(ours['milliseconds'], '.1f')} ms",
            decode,
            f"{rounded(ours['ratio'], '.2f')}×",
            f"{rounded(ours['low'], '.2f')} – {rounded(ours['high'], '.2f')}",
            "" if np.isnan(wanted) else f"{wanted:g}×",
            f"{ours['met']} {'(unstable)' if ours['unstable'] or peer['unstable'] else ''}".strip(),
        )
    console.print(table)
