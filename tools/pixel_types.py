"""Where our signature is not image-match's: by pixel type, and by the way a picture comes in.

``python -m tools.pixel_types`` writes `RECORDED`, from which the guide's table is made; a test
measures again and compares.
"""

import hashlib
import io
import struct
import tempfile
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import skimage
from numpy.typing import NDArray
from PIL import Image, ImageCms, UnidentifiedImageError

from bench.peers.session import Session, ToolError, open_session
from bench.runs.folder import write_bytes
from imgsig import CorruptImageError, SignatureConfig, generate_signature, normalized_distance

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


def _with_alpha(mode: str, lowest: int, name: str = "PNG") -> Encode:
    """A file that is opaque at the left edge and fades to `lowest` at the right one."""

    def encode(photograph: Image.Image) -> bytes:
        width, height = photograph.size
        fade = np.linspace(255, lowest, width).astype(np.uint8)
        picture = photograph.convert(mode.removesuffix("A"))
        picture.putalpha(Image.fromarray(np.tile(fade, (height, 1))))
        return _saved(name, mode, **({"lossless": True} if name == "WEBP" else {}))(picture)

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


def _tiff(
    levels: NDArray[Any], photometric: int, *, samples_are: int = 1, in_planes: bool = False
) -> bytes:
    """A TIFF of kinds that Pillow does not write: ``(height, width)`` or ``(height, width, 3)``."""
    height, width = levels.shape[:2]
    samples = levels.size // (height * width)
    data = (levels.transpose(2, 0, 1) if in_planes else levels).tobytes()
    strips = samples if in_planes else 1
    after, each = 512, len(data) // strips
    places = struct.pack(f"<{strips}I", *range(after, after + len(data), each))
    lengths = struct.pack(f"<{strips}I", *[each] * strips)
    bits = struct.pack(f"<{samples}H", *[levels.itemsize * 8] * samples)
    kinds = struct.pack(f"<{samples}H", *[samples_are] * samples)
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, samples, bits), (259, 3, 1, 1)]
    tags += [(262, 3, 1, photometric), (273, 4, strips, places), (277, 3, 1, samples)]
    tags += [(278, 4, 1, height), (279, 4, strips, lengths), (284, 3, 1, 2 if in_planes else 1)]
    tags += [(339, 3, samples, kinds)]
    entries, behind = b"", b""
    for number, kind, count, value in tags:
        content = value if isinstance(value, bytes) else struct.pack("<I", value)
        if len(content) > 4:
            at = 8 + 2 + 12 * len(tags) + 4 + len(behind)
            behind += content.ljust(len(content) + len(content) % 2, b"\0")
            content = struct.pack("<I", at)
        entries += struct.pack("<HHI", number, kind, count) + content.ljust(4, b"\0")
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + behind
    return head.ljust(after, b"\0") + data


def _deep_rgb(photograph: Image.Image) -> bytes:
    return _tiff(np.asarray(photograph.convert("RGB"), "<u2") * np.uint16(257), 2)


def _deeper_rgb(photograph: Image.Image) -> bytes:
    """With low bits of their own, which 8 bits cannot hold."""
    levels = np.asarray(photograph.convert("RGB"), "<u2") * np.uint16(256)
    noise = np.random.default_rng(0).integers(0, 256, levels.shape, dtype="<u2")
    return _tiff(levels + noise, 2)


def _float_rgb(photograph: Image.Image) -> bytes:
    levels = np.asarray(photograph.convert("RGB"), "<f4") / np.float32(255)
    return _tiff(levels, 2, samples_are=3)


def _double(photograph: Image.Image) -> bytes:
    return _tiff(np.asarray(photograph.convert("L"), "<f8") / 255, 1, samples_are=3)


def _rgb_in_planes(photograph: Image.Image) -> bytes:
    return _tiff(np.asarray(photograph.convert("RGB")), 2, in_planes=True)


def _white_is_0(photograph: Image.Image) -> bytes:
    return _tiff(255 - np.asarray(photograph.convert("L")), 0)


def _lab(photograph: Image.Image) -> bytes:
    srgb, lab = (ImageCms.createProfile(space) for space in ("sRGB", "LAB"))
    to_lab = ImageCms.buildTransform(srgb, lab, "RGB", "LAB")
    return _saved("TIFF", "LAB")(to_lab.apply(photograph.convert("RGB")))


def _frames(name: str, mode: str = "RGB", **options: Any) -> Encode:
    """The photograph, and behind it two others."""

    def encode(photograph: Image.Image) -> bytes:
        first = photograph.convert(mode)
        others = [first.rotate(180), first.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
        return _saved(name, mode, save_all=True, append_images=others, **options)(first)

    return encode


def _turned(name: str, **options: Any) -> Encode:
    exif = Image.Exif()
    exif[0x112] = 6
    return _saved(name, exif=exif, **options)


PIXEL_TYPES = {
    "RGB, JPEG": PixelType(".jpg", _saved("JPEG", quality=90)),
    "RGB, PNG": PixelType(".png", _saved("PNG")),
    "RGB, WebP": PixelType(".webp", _saved("WEBP", quality=80)),
    "RGB, TIFF": PixelType(".tif", _saved("TIFF")),
    "RGB, JPEG turned by EXIF": PixelType(".jpg", _turned("JPEG", quality=90)),
    "RGB, TIFF turned by its tag": PixelType(".tif", _turned("TIFF")),
    "RGB in planes, TIFF": PixelType(".tif", _rgb_in_planes),
    "RGB in 8 of 16 bits, TIFF": PixelType(".tif", _deep_rgb),
    "RGB in 16 bits, TIFF": PixelType(".tif", _deeper_rgb),
    "RGB in floats, TIFF": PixelType(".tif", _float_rgb),
    "palette, PNG": PixelType(".png", _saved("PNG", "P")),
    "palette, TIFF": PixelType(".tif", _saved("TIFF", "P")),
    "palette, GIF": PixelType(".gif", _saved("GIF", "P")),
    "palette with a transparent colour, PNG": PixelType(".png", _one_colour_transparent("P")),
    "RGB with a transparent colour, PNG": PixelType(".png", _one_colour_transparent("RGB")),
    "grey with a transparent level, PNG": PixelType(".png", _one_colour_transparent("L")),
    "RGBA, opaque, PNG": PixelType(".png", _with_alpha("RGBA", 255)),
    "RGBA, semi-transparent, PNG": PixelType(".png", _with_alpha("RGBA", 0)),
    "RGBA, semi-transparent, WebP": PixelType(".webp", _with_alpha("RGBA", 0, "WEBP")),
    "RGBA, semi-transparent, TIFF": PixelType(".tif", _with_alpha("RGBA", 0, "TIFF")),
    "LA, semi-transparent, PNG": PixelType(".png", _with_alpha("LA", 0)),
    "grey, JPEG": PixelType(".jpg", _saved("JPEG", "L", quality=90)),
    "grey, PNG": PixelType(".png", _saved("PNG", "L")),
    "grey with white as 0, TIFF": PixelType(".tif", _white_is_0),
    "16-bit grey, PNG": PixelType(".png", _levels("I;16", "<u2", 257, "PNG")),
    "16-bit grey, TIFF": PixelType(".tif", _levels("I;16", "<u2", 257, "TIFF")),
    "16-bit grey, big-endian TIFF": PixelType(".tif", _levels("I;16B", ">u2", 257, "TIFF")),
    "32-bit integers, TIFF": PixelType(".tif", _levels("I", "<i4", 257, "TIFF")),
    "32-bit floats in 0..1, TIFF": PixelType(".tif", _levels("F", "<f4", 1 / 255, "TIFF")),
    "64-bit floats in 0..1, TIFF": PixelType(".tif", _double),
    "bilevel, PNG": PixelType(".png", _saved("PNG", "1")),
    "bilevel, TIFF": PixelType(".tif", _saved("TIFF", "1")),
    "CMYK, JPEG": PixelType(".jpg", _saved("JPEG", "CMYK", quality=90)),
    "CMYK, TIFF": PixelType(".tif", _saved("TIFF", "CMYK")),
    "YCbCr, TIFF": PixelType(".tif", _saved("TIFF", "YCbCr")),
    "LAB, TIFF": PixelType(".tif", _lab),
    "many frames, GIF": PixelType(".gif", _frames("GIF")),
    "many frames, PNG": PixelType(".png", _frames("PNG")),
    "three grey frames, PNG": PixelType(".png", _frames("PNG", "L")),
    "three grey pages, TIFF": PixelType(".tif", _frames("TIFF", "L")),
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
        (how many of the 648 values are, −1 where one of the two refuses the file), ``distance`` of
        the two signatures to four decimals, ``different_as_rgb`` (how many are once we have
        converted the picture to RGB), ``different_by_rule`` (how many are with the rule of pixels
        that has the name of the way), ``refused``: the error that image-match raises, and
        ``signature``: what `digest` makes of image-match's.
    """
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for pixels, name in product(PIXEL_TYPES, photographs):
            path = made_file(pixels, name, Path(folder))
            ours = [_ours(session, path), _as_rgb(path)]
            for way, tool in WAYS.items():
                theirs, refused = _theirs(session, tool, path)
                by_rule = _signed(path, SignatureConfig(pixels=way))
                (uniform, apart), (as_rgb, _), (ruled, _) = (
                    _beside(one, theirs) for one in (*ours, by_rule)
                )
                row = (pixels, way, name, uniform, apart, as_rgb, ruled, refused)
                rows.append((*row, "" if theirs is None else digest(theirs)))
    columns = ["pixels", "way", "photograph", "different", "distance", "different_as_rgb"]
    return pd.DataFrame(rows, columns=[*columns, "different_by_rule", "refused", "signature"])


def made_file(pixels: str, photograph: str, folder: Path) -> Path:
    """A photograph as a file of a pixel type, written to a folder."""
    suffix, encode = PIXEL_TYPES[pixels]
    path = folder / f"picture{suffix}"
    with Image.open(Path(skimage.__file__).parent / "data" / photograph) as picture:
        path.write_bytes(encode(picture))
    return path


def digest(signature: NDArray[np.int8]) -> str:
    """What is recorded of a signature: the beginning of the SHA-256 of its values."""
    return hashlib.sha256(signature.astype(np.int8).tobytes()).hexdigest()[:16]


def _ours(session: Session, path: Path) -> NDArray[np.int8] | None:
    try:
        return np.array(session.call("exact", path, value=True).value, dtype=np.int8)
    except ToolError:
        return None


def _as_rgb(path: Path) -> NDArray[np.int8] | None:
    try:
        with Image.open(path) as picture:
            return generate_signature(picture.convert("RGB"))
    except UnidentifiedImageError:
        return None


def _signed(path: Path, config: SignatureConfig) -> NDArray[np.int8] | None:
    try:
        return generate_signature(path, config)
    except CorruptImageError:
        return None


def _theirs(session: Session, tool: str, path: Path) -> tuple[NDArray[np.int8] | None, str]:
    try:
        return np.array(session.call(tool, path, value=True).value, dtype=np.int8), ""
    except ToolError as error:
        return None, error.kind


def _beside(ours: NDArray[np.int8] | None, theirs: NDArray[np.int8] | None) -> tuple[int, float]:
    if ours is None or theirs is None:
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
