"""Example pairs as pages show them: as signatures on the report, with photographs beside it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from bench.report.gallery import KINDS, PICTURES
from bench.report.signature_picture import difference_picture, signature_picture
from bench.report.template import data_address, render
from bench.runs.folder import RunFolder
from imgsig import Grid, SignatureConfig

#: File name of the page with photographs, without ending.
NAME = "gallery"


def gallery_groups(folder: RunFolder, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The example pairs by kind, as plain values for a template.

    Returns
    -------
    list of dict
        ``title``, ``rule`` and ``cases`` of each kind that has any; empty where the run has no
        table ``gallery``.
    """
    if not (folder.path / "gallery.parquet").is_file():
        return []
    table = folder.table("gallery")
    grid = SignatureConfig.from_config(manifest["config"]["signature"]).grid
    groups = []
    for name, kind in KINDS.items():
        own = table[table["kind"] == name]
        if len(own):
            cases = [_case(rows, grid) for _, rows in own.groupby("case")]
            groups.append({"title": kind.title, "rule": kind.rule, "cases": cases})
    return groups


def _case(rows: pd.DataFrame, grid: Grid) -> dict[str, Any]:
    records = rows.to_dict("records")
    query = records[0]
    signature = np.frombuffer(query["query_signature"], dtype=np.int8)
    sides = []
    for record in records:
        document = np.frombuffer(record["doc_signature"], dtype=np.int8)
        sides.append(
            {
                "photo": ("doc", record["doc"]),
                "name": record["doc_original"],
                "relation": record["relation"],
                "score": record["score"],
                "distance": record["distance"],
                "score_rank": record["score_rank"],
                "distance_rank": record["distance_rank"],
                "picture": signature_picture(document, grid),
                "difference": difference_picture(signature, document, grid),
            }
        )
    return {
        "number": query["query"],
        "photo": ("query", query["query"]),
        "name": query["query_original"],
        "transform": query["transform"],
        "picture": signature_picture(signature, grid),
        "sides": sides,
    }


def has_photographs(folder: RunFolder) -> bool:
    """Whether the run's thumbnails are there, as they are where it was made."""
    return (folder.path / PICTURES).is_file()


def render_gallery_page(
    folder: RunFolder, manifest: Mapping[str, Any], groups: list[dict[str, Any]]
) -> str:
    """Render the page with photographs."""
    thumbnails = pd.read_parquet(folder.path / PICTURES)
    photographs = {
        (row["role"], row["number"]): {
            "source": data_address("image/webp", row["webp"]),
            "width": row["width"],
            "height": row["height"],
        }
        for row in thumbnails.to_dict("records")
    }
    return render(
        "gallery.html.j2",
        manifest=manifest,
        gallery=groups,
        largest=largest_score(folder),
        photographs=photographs,
    )


def largest_score(folder: RunFolder) -> int:
    """Words of the variant that the gallery is of."""
    variants = folder.table("variants").set_index("variant")
    return int(variants.loc[folder.table("gallery")["variant"].iloc[0], "N"])
