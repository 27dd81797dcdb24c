"""Indices of a reader's own cluster, or a small example where none is named."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import skimage
from IPython.utils.capture import capture_output
from numpy.typing import NDArray
from PIL import Image

from bench.compare import Compared, analysed_sizes, compare_indices, field_table
from bench.engine import open_engine
from bench.engine.client import Client
from bench.index.build import create_index, load_documents
from bench.index.storage import read_loaded, settle_and_measure
from bench.index.variant import Variant
from bench.report.drawing import Drawn
from bench.report.rounding import rounded
from bench.report.storage_figures import stacked_bytes
from bench.runs.errors import BenchError
from imgsig import generate_signature

#: Environment variable with names of indices, separated by commas.
INDICES_VARIABLE = "ES_INDICES"
#: The example: image-match's index, the same without signatures, and a small one that keeps them.
EXAMPLE = (
    Variant(N=63, k=16, codec={"id": "int_array"}, name="example_tester"),
    Variant(N=63, k=16, codec={"id": "none"}, name="example_tester_none"),
    Variant(
        N=63, k=16, codec={"id": "packed", "strip": "half"}, layout="tagged_column",
        name="example_tagged_column",
    ),
)  # fmt: skip
_PICTURES = ("astronaut.png", "coffee.png", "rocket.jpg", "chelsea.png")
#: Side of the example's tiles, and the step from one to the next, in pixels.
_TILE, _STEP = 128, 32


def compare_yours(
    indices: Sequence[str] = (), *, es_url: str | None = None, env: Mapping[str, str] = os.environ
) -> list[Compared]:
    """Compare indices by name; without a cluster, the example's on an engine of our own."""
    names = list(indices) or [n.strip() for n in env.get(INDICES_VARIABLE, "").split(",") if n]
    url = es_url or env.get("ES_URL")
    if bool(names) != bool(url):
        missing = "cluster (es_url, or ES_URL)" if names else f"index (or {INDICES_VARIABLE})"
        raise BenchError(f"name both a cluster and indices: there is no {missing}")
    environment = {**env, "ES_URL": url} if url else dict(env)
    with (
        # The engine's progress bars would become part of the notebook's output.
        capture_output(stdout=False, stderr=False, display=True),
        tempfile.TemporaryDirectory(prefix="imgsig-notebook-") as folder,
        open_engine(Path(folder), heap="512m", env=environment) as engine,
    ):
        if not names:
            names = build_example(engine.client, example_signatures())
        return compare_indices(engine.client, names, analyze=True)


def example_signatures() -> NDArray[np.int8]:
    """Signatures, ``int8[m, 648]``, of overlapping tiles of four pictures from scikit-image."""
    folder = Path(skimage.__file__).parent / "data"
    pictures = []
    for name in _PICTURES:
        with Image.open(folder / name) as picture:
            pictures.append(np.asarray(picture.convert("RGB")))
    tiles = [
        picture[top : top + _TILE, left : left + _TILE]
        for picture in pictures
        for top in range(0, picture.shape[0] - _TILE, _STEP)
        for left in range(0, picture.shape[1] - _TILE, _STEP)
    ]
    return np.stack([generate_signature(tile) for tile in tiles])


def build_example(
    client: Client, signatures: NDArray[np.int8], variants: Sequence[Variant] = EXAMPLE
) -> list[str]:
    """Build the indices of the example from ``int8[m, 648]``, and wait for their final sizes."""
    names = [variant.index_name for variant in variants]
    for variant in variants:
        create_index(client, variant, "notebook")
        load_documents(client, variant, signatures)
    for name in names:
        settle_and_measure(client, name, len(signatures), read_loaded(client, name))
    return names


def bytes_of_indices(compared: Sequence[Compared]) -> Drawn:
    """Bars of bytes a document of each index whose fields are known, by what they are spent on."""
    sizes = analysed_sizes(compared)
    if sizes.empty:
        why = "; ".join(f"{one.index}: {', '.join(one.warnings)}" for one in compared)
        raise BenchError(f"bytes by field are not known for any index: {why}")
    return stacked_bytes(field_table(compared), sizes)


def compared_verdict(compared: Sequence[Compared]) -> list[str]:
    """Which index is smallest and by how much, and where comparing them is unfair."""
    sized = [one for one in compared if one.bytes_per_document]
    if not sized:
        return ["No index holds a document: there is nothing to compare."]
    least = min(sized, key=lambda one: one.bytes_per_document or 0.0)
    first = sized[0]
    sentences = [
        f"{least.index} is the smallest: {rounded(least.bytes_per_document, ',.0f')} bytes a "
        f"document, {first.index} {rounded(first.bytes_per_document, ',.0f')}, "
        f"{rounded(least.of_first(first), '.1f')} times as much."
    ]
    if least is first:
        sentences = [
            f"{first.index}, which the others are compared with, is the smallest: "
            f"{rounded(first.bytes_per_document, ',.0f')} bytes a document."
        ]
    sentences += [f"Mind {one.index}: {'; '.join(one.warnings)}." for one in sized if one.warnings]
    return sentences
