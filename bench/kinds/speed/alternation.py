"""Time tools on the same files, in turn."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from PIL import Image

from bench.kinds.speed.config import Goal, GoalPhotograph
from bench.kinds.speed.decode_effect import jpeg_bytes
from bench.peers.session import Session
from bench.runs.folder import write_array, write_bytes
from datasets.collection import PictureFiles
from imgsig.image import grey_levels


@dataclass(frozen=True)
class TimedFile:
    """A file that tools are timed on; `name` says what is in it."""

    name: str
    path: Path
    megapixels: float


def timed_files(goal: Goal, pictures: PictureFiles, folder: Path) -> Iterator[TimedFile]:
    """Write the files of a goal."""
    as_array = goal.tool.endswith(", array")
    if goal.made is not None:
        width, height = goal.made
        name = f"made {width}×{height}"
        yield _write(
            name, folder, jpeg_bytes(made_picture((width, height))), (width, height), as_array
        )
    for picture in goal.photographs:
        data = pictures.read_bytes(picture.photo)
        name = picture.photo
        with Image.open(io.BytesIO(data)) as opened:
            size, is_jpeg = opened.size, opened.format == "JPEG"
        if picture.megapixels is not None or not is_jpeg:
            scaled = _scaled(pictures.open(picture.photo), picture)
            data, size = jpeg_bytes(scaled), scaled.size
            name += f" as {size[0]}×{size[1]}"
        yield _write(name, folder, data, size, as_array)


def made_picture(size: tuple[int, int]) -> Image.Image:
    """A picture with structure of every size, about as hard to decode as a photograph."""
    rng = np.random.default_rng(7)
    picture = Image.new("RGB", size)
    for share, cells in enumerate((4, 16, 64, 256), start=1):
        noise = Image.fromarray(rng.integers(0, 256, (cells, cells, 3), dtype=np.uint8))
        layer = noise.resize(size, Image.Resampling.BICUBIC)
        picture = Image.blend(picture, layer, 1 / share)
    return picture


def _scaled(image: Image.Image, picture: GoalPhotograph) -> Image.Image:
    rgb = image.convert("RGB")
    if picture.megapixels is None:
        return rgb
    scale = (picture.megapixels * 1e6 / (image.width * image.height)) ** 0.5
    size = round(image.width * scale), round(image.height * scale)
    return rgb.resize(size, Image.Resampling.LANCZOS)


def _write(
    name: str, folder: Path, data: bytes, size: tuple[int, int], as_array: bool
) -> TimedFile:
    path = folder / (re.sub(r"[^\w.-]", "-", name) + (".npy" if as_array else ".jpg"))
    if as_array:
        write_array(path, grey_levels(data))
    else:
        write_bytes(path, data)
    return TimedFile(name, path, size[0] * size[1] / 1e6)


class Turn(NamedTuple):
    """One call: `place` is its number among the calls of this file and repetition.

    Repetitions count from 0; −1 is off the record.
    """

    repetition: int
    file: int
    place: int
    tool: str


def turns(tools: Sequence[str], files: int, repetitions: int) -> Iterator[Turn]:
    """The order of all calls.

    All tools sign a file one after the other, then the next file; when all files are signed it
    begins again. Which tool is first goes round, so that none always finds what another has left
    in a cache, and slow changes of the machine hit all of them alike.
    """
    for repetition in range(-1, repetitions):
        for file in range(files):
            first = (repetition + 1 + file) % len(tools)
            for place in range(len(tools)):
                yield Turn(repetition, file, place, tools[(first + place) % len(tools)])


def time_tools(
    session: Session,
    tools: Sequence[str],
    files: Sequence[TimedFile],
    repetitions: int,
    advance: Callable[[int], object] = lambda done: None,
) -> pd.DataFrame:
    """Time every tool on every file, one row a call; ``place`` is that of the tool in its turn."""
    rows = []
    for turn in turns(tools, len(files), repetitions):
        file = files[turn.file]
        seconds = session.call(turn.tool, file.path).seconds
        if turn.repetition >= 0:
            place = turn.repetition, turn.place
            rows.append((file.name, file.megapixels, *place, turn.tool, seconds))
        advance(1)
    columns = ["file", "megapixels", "repetition", "place", "tool", "seconds"]
    return pd.DataFrame(rows, columns=columns)
