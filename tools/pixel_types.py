"""Where our signature is not image-match's: by pixel type, and by the way a picture comes in.

``python -m tools.pixel_types`` writes `RECORDED`, from which the guide's table is made; a test
measures again and compares.
"""

import io
import struct
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import skimage
from numpy.typing import NDArray
from PIL import Image, ImageCms

from bench.kinds.speed.peers.session import Session, ToolError, open_session
from bench.runs.folder import write_bytes
from imgsig import generate_signature, normalized_distance

#: What was measured last, committed.
RECORDED = Path(__file__).with_name("pixel_types.csv")

#: Bundled with scikit-image, which image-match needs too.
PHOTOGRAPHS = ("astronaut.png", "chelsea.png", "coffee.png")

#: How image-match is given a picture, and the tool that does.
WAYS = {"path": "image-match", "bytes": "image-match, bytes"}

Encode = Callable[[Image.Image], bytes]


class PixelType(NamedTuple):
    """A kind of file: how its name ends, and what makes one of a photograph."""

    suffix: str
    encode: Encode


def _saved(name: str, mode: str = "RGB", **options: Any) -> Encode:
    def encode(photograph: Image.Image) -> bytes:
        buffer = io.BytesIO()
        photograph.convert(mode).save(buffer, name, **options)
        return buffer.getvalue()

    return encode


def _with_alpha(mode: str, lowest: int) -> Encode:
    """A PNG that is opaque at the left edge and fades to `lowest` at the right one."""

    def encode(photograph: Image.Image) -> bytes:
        width, height = photograph.size
        fade = np.linspace(255, lowest, width).astype(np.uint8)
        picture = photograph.convert(mode.removesuffix("A"))
        picture.putalpha(Image.fromarray(np.tile(fade, (height, 1))))
        return _saved("PNG", mode)(picture)

    return encode


def _one_colour_transparent(mode: str) -> Encode:
    """A PNG of few colours, that of a corner transparent."""

    def encode(photograph: Image.Image) -> bytes:
        colours = photograph.convert("P", palette=Image.Palette.ADAPTIVE, colors=8)
        picture = colours.convert(mode)
        corner = picture.getpixel((0, 0))
        return _saved("PNG", mode, transparency=corner)(picture)

    return encode


def _levels(mode: str, dtype: str, scale: float, name: str) -> Encode:
    """A grey picture with levels of another type: 0 to 255 times `scale`."""

    def encode(photograph: Image.Image) -> bytes:
        grey = np.asarray(photograph.convert("L"), np.float64)
        levels = (grey * scale).astype(dtype)
        picture = Image.frombytes(mode, photograph.size, levels.tobytes())
        buffer = io.BytesIO()
        picture.save(buffer, name)
        return buffer.getvalue()

    return encode


def _deep_rgb(photograph: Image.Image) -> bytes:
    """A TIFF of 16 bits a colour, which Pillow does not write."""
    width, height = photograph.size
    levels = (np.asarray(photograph.convert("RGB"), "<u2") * np.uint16(257)).tobytes()
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, 130), (259, 3, 1, 1)]
    tags += [(262, 3, 1, 2), (273, 4, 1, 136), (277, 3, 1, 3), (278, 4, 1, height)]
    tags += [(279, 4, 1, len(levels))]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    return head.ljust(130, b"\0") + struct.pack("<3H", 16, 16, 16) + levels


def _lab(photograph: Image.Image) -> bytes:
    srgb, lab = (ImageCms.createProfile(space) for space in ("sRGB", "LAB"))
    to_lab = ImageCms.buildTransform(srgb, lab, "RGB", "LAB")
    return _saved("TIFF", "LAB")(to_lab.apply(photograph.convert("RGB")))


def _frames(name: str, **options: Any) -> Encode:
    """The photograph, and behind it two others."""

    def encode(photograph: Image.Image) -> bytes:
        first = photograph.convert("RGB")
        others = [first.rotate(180), first.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
        return _saved(name, save_all=True, append_images=others, **options)(first)

    return encode


def _turned(photograph: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x112] = 6
    return _saved("JPEG", quality=90, exif=exif)(photograph)


PIXEL_TYPES = {
    "RGB, JPEG": PixelType(".jpg", _saved("JPEG", quality=90)),
    "RGB, PNG": PixelType(".png", _saved("PNG")),
    "RGB, WebP": PixelType(".webp", _saved("WEBP", quality=80)),
    "RGB, TIFF": PixelType(".tif", _saved("TIFF")),
    "RGB, JPEG turned by EXIF": PixelType(".jpg", _turned),
    "16-bit RGB, TIFF": PixelType(".tif", _deep_rgb),
    "palette, PNG": PixelType(".png", _saved("PNG", "P")),
    "palette, GIF": PixelType(".gif", _saved("GIF", "P")),
    "palette with a transparent colour, PNG": PixelType(".png", _one_colour_transparent("P")),
    "RGB with a transparent colour, PNG": PixelType(".png", _one_colour_transparent("RGB")),
    "grey with a transparent level, PNG": PixelType(".png", _one_colour_transparent("L")),
    "RGBA, opaque, PNG": PixelType(".png", _with_alpha("RGBA", 255)),
    "RGBA, semi-transparent, PNG": PixelType(".png", _with_alpha("RGBA", 0)),
    "LA, semi-transparent, PNG": PixelType(".png", _with_alpha("LA", 0)),
    "grey, JPEG": PixelType(".jpg", _saved("JPEG", "L", quality=90)),
    "grey, PNG": PixelType(".png", _saved("PNG", "L")),
    "16-bit grey, PNG": PixelType(".png", _levels("I;16", "<u2", 257, "PNG")),
    "16-bit grey, TIFF": PixelType(".tif", _levels("I;16", "<u2", 257, "TIFF")),
    "16-bit grey, big-endian TIFF": PixelType(".tif", _levels("I;16B", ">u2", 257, "TIFF")),
    "32-bit integers, TIFF": PixelType(".tif", _levels("I", "<i4", 257, "TIFF")),
    "32-bit floats in 0..1, TIFF": PixelType(".tif", _levels("F", "<f4", 1 / 255, "TIFF")),
    "bilevel, PNG": PixelType(".png", _saved("PNG", "1")),
    "bilevel, TIFF": PixelType(".tif", _saved("TIFF", "1")),
    "CMYK, JPEG": PixelType(".jpg", _saved("JPEG", "CMYK", quality=90)),
    "CMYK, TIFF": PixelType(".tif", _saved("TIFF", "CMYK")),
    "YCbCr, TIFF": PixelType(".tif", _saved("TIFF", "YCbCr")),
    "LAB, TIFF": PixelType(".tif", _lab),
    "many frames, GIF": PixelType(".gif", _frames("GIF")),
    "many frames, PNG": PixelType(".png", _frames("PNG")),
    "many frames, WebP": PixelType(".webp", _frames("WEBP", quality=80)),
    "many pages, TIFF": PixelType(".tif", _frames("TIFF")),
    "many pictures, MPO": PixelType(".mpo", _frames("MPO", quality=90)),
}
"""What is measured, by its name in the guide."""


def measure(session: Session, photographs: Sequence[str] = PHOTOGRAPHS) -> pd.DataFrame:
    """Sign photographs as every pixel type with image-match, both ways, and with the exact mode.

    Returns
    -------
    DataFrame
        One row a pixel type, way and photograph: ``pixels``, ``way``, ``photograph``, ``different``
        (how many of the 648 values are, −1 where image-match refuses the file), ``distance`` of the
        two signatures to four decimals, ``different_as_rgb`` (how many are once we have converted
        the picture to RGB), and ``refused``: the error that image-match raises.
    """
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for pixels, (suffix, encode) in PIXEL_TYPES.items():
            for name in photographs:
                with Image.open(Path(skimage.__file__).parent / "data" / name) as photograph:
                    path = Path(folder) / f"picture{suffix}"
                    path.write_bytes(encode(photograph))
                ours = np.array(session.call("exact", path, value=True).value, dtype=np.int8)
                with Image.open(path) as picture:
                    as_rgb = generate_signature(picture.convert("RGB"))
                for way, tool in WAYS.items():
                    theirs, refused = _theirs(session, tool, path)
                    beside = (*_beside(ours, theirs), _beside(as_rgb, theirs)[0])
                    rows.append((pixels, way, name, *beside, refused))
    columns = ["pixels", "way", "photograph", "different", "distance", "different_as_rgb"]
    return pd.DataFrame(rows, columns=[*columns, "refused"])


def _theirs(session: Session, tool: str, path: Path) -> tuple[NDArray[np.int8] | None, str]:
    try:
        return np.array(session.call(tool, path, value=True).value, dtype=np.int8), ""
    except ToolError as error:
        return None, error.kind


def _beside(ours: NDArray[np.int8], theirs: NDArray[np.int8] | None) -> tuple[int, float]:
    if theirs is None:
        return -1, float("nan")
    apart = float(normalized_distance(theirs[np.newaxis], ours)[0])
    return int((theirs != ours).sum()), round(apart, 4)


def main() -> None:
    """Measure, and write `RECORDED`."""
    with open_session() as session:
        table = measure(session)
    write_bytes(RECORDED, table.to_csv(index=False).encode())


if __name__ == "__main__":
    main()
