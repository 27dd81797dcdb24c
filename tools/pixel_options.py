"""What EXIF and transparency change once a signature takes account of them.

``python -m tools.pixel_options`` writes `RECORDED`, from which the guide's table is made; a test
measures again and compares.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import skimage
from PIL import Image, ImageDraw

from bench.runs.folder import write_bytes
from imgsig import SignatureConfig, generate_signature, normalized_distance
from tools.pixel_types import PHOTOGRAPHS, PIXEL_TYPES

#: What was measured last, committed.
RECORDED = Path(__file__).with_name("pixel_options.csv")

#: The options by their names in the guide.
OPTIONS = {"exif": SignatureConfig(exif=True), "alpha": SignatureConfig(alpha="grey")}

#: Pixel types that an option is for, and that it leaves alone.
_OF_PHOTOGRAPHS = {
    "exif": ("RGB, JPEG turned by EXIF", "RGB, JPEG"),
    "alpha": (
        "RGBA, semi-transparent, PNG",
        "palette with a transparent colour, PNG",
        "RGBA, opaque, PNG",
    ),
}


def files() -> Iterator[tuple[str, str, bytes]]:
    """An option, what kind of file it is tried on, and such a file."""
    for option, kinds in _OF_PHOTOGRAPHS.items():
        for kind in kinds:
            for name in PHOTOGRAPHS:
                with Image.open(Path(skimage.__file__).parent / "data" / name) as photograph:
                    yield option, kind, PIXEL_TYPES[kind].encode(photograph)
    for colour in ("black", "white"):
        buffer = io.BytesIO()
        drawing(colour).save(buffer, "PNG")
        yield "alpha", f"{colour} drawing on transparent, PNG", buffer.getvalue()


def drawing(colour: str) -> Image.Image:
    """Some lines and shapes of one colour, on nothing."""
    picture = Image.new("RGBA", (400, 300), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((40, 30, 200, 190), fill=colour)
    draw.rectangle((230, 60, 360, 130), outline=colour, width=12)
    draw.line((30, 270, 370, 200), fill=colour, width=9)
    return picture


def measure() -> pd.DataFrame:
    """Sign each file without and with its option.

    One row a file: ``option``, ``file``, ``without`` and ``with`` (how many values are not 0), and
    the ``distance`` of the two signatures to four decimals.
    """
    rows = []
    for option, kind, data in files():
        without, by_option = (generate_signature(data), generate_signature(data, OPTIONS[option]))
        distance = float(normalized_distance(without[None], by_option)[0])
        counts = (int((one != 0).sum()) for one in (without, by_option))
        rows.append((option, kind, *counts, round(distance, 4)))
    return pd.DataFrame(rows, columns=["option", "file", "without", "with", "distance"])


def main() -> None:
    """Measure, and write `RECORDED`."""
    write_bytes(RECORDED, measure().to_csv(index=False).encode())


if __name__ == "__main__":
    main()
