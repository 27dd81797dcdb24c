"""Picture files to spoil: one for each format, and files that lie about their size."""

import io
import struct
import time
import warnings
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from imgsig.image import FORMATS

#: What is to be read: MPO is JPEG with more pictures behind it.
READ = frozenset({*FORMATS, "MPO"})
#: Modes tried for each format, first one that it can hold.
_MODES = ("RGB", "P", "L", "1", "F")
_SIDES = (64, 48)
#: Options without which a file holds the time it was written.
_UNDATED = {"PDF": {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}}


def plain_picture() -> Image.Image:
    """A small picture that is neither flat nor regular, RGB."""
    width, height = _SIDES
    rows, columns = np.mgrid[:height, :width]
    noise = np.random.default_rng(0).integers(0, 60, (height, width))
    channels = (columns * 3 + noise, rows * 4 + noise, (rows - columns) % 97 + noise)
    return Image.fromarray(np.stack(channels, axis=-1).clip(0, 255).astype(np.uint8))


def seed_files() -> dict[str, bytes]:
    """A whole file of every format that Pillow can write, or that is simple enough to make here."""
    Image.init()
    files = {name: data for name in sorted(Image.SAVE) if (data := _saved(name)) is not None}
    files["MPO"] = _mpo()
    files["CUR"] = _cursor()
    files["PSD"] = _psd()
    files["SUN"] = _sun()
    files["XPM"] = _xpm()
    files["FITS"] = _fits()
    return files


def missing_seeds() -> frozenset[str]:
    """Formats that are read and for which there is no seed here."""
    return READ - set(seed_files())


def files_of_many_frames() -> dict[str, bytes]:
    """Files that hold more pictures than one, the first of them `plain_picture`, by what they are.

    Returns
    -------
    dict
        Animations, pages, the pictures of a stereo camera, the layers of a PSD and the sizes of an
        icon.
    """
    first = plain_picture()
    others = [first.rotate(180), first.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "GIF": ("GIF", {}),
        "APNG": ("PNG", {}),
        "APNG beside its default image": ("PNG", {"default_image": True}),
        "WEBP": ("WEBP", {"lossless": True}),
        "AVIF": ("AVIF", {"quality": 100}),
        "TIFF": ("TIFF", {}),
        "MPO": ("MPO", {"quality": 95}),
    }
    files = {}
    for kind, (name, options) in kinds.items():
        buffer = io.BytesIO()
        first.save(buffer, name, save_all=True, append_images=others, **options)
        files[kind] = buffer.getvalue()
    for name in ("ICO", "ICNS"):
        buffer = io.BytesIO()
        small = others[0].resize((16, 16))
        first.save(buffer, name, append_images=[small], sizes=[(16, 16), _SIDES])
        files[name] = buffer.getvalue()
    files["PSD"] = _psd(layers=others)
    return files


def _saved(name: str) -> bytes | None:
    picture = plain_picture()
    for mode in _MODES:
        buffer = io.BytesIO()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                picture.convert(mode).save(buffer, name, **_UNDATED.get(name, {}))
        # No handler, no such mode: every writer has errors of its own.
        except Exception:  # noqa: S112
            continue
        if data := buffer.getvalue():
            return data
    return None


def _mpo() -> bytes:
    buffer = io.BytesIO()
    picture = plain_picture()
    picture.save(buffer, "MPO", save_all=True, append_images=[picture.rotate(90)])
    return buffer.getvalue()


def _bgr_rows() -> bytes:
    pixels = np.asarray(plain_picture())
    return pixels[::-1, :, ::-1].tobytes()


def _cursor() -> bytes:
    width, height = _SIDES
    mask = bytes(-(-width // 32) * 4 * height)
    head = struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, 24, 0, 0, 0, 0, 0, 0)
    bitmap = head + _bgr_rows() + mask
    entry = struct.pack("<BBBBHHII", width, height, 0, 0, 0, 0, len(bitmap), 22)
    return struct.pack("<HHH", 0, 2, 1) + entry + bitmap


def _psd(layers: Sequence[Image.Image] = ()) -> bytes:
    width, height = _SIDES
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, height, width, 8, 3)
    section = _psd_layers(layers) if layers else b""
    whole = struct.pack(">H", 0) + _planes(plain_picture())
    return head + bytes(8) + struct.pack(">I", len(section)) + section + whole


def _psd_layers(layers: Sequence[Image.Image]) -> bytes:
    """The section of layers, https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/."""
    width, height = _SIDES
    size = 2 + width * height
    channels = b"".join(struct.pack(">hI", channel, size) for channel in range(3))
    record = struct.pack(">4iH", 0, 0, height, width, 3) + channels
    record += b"8BIMnorm" + struct.pack(">4BI", 255, 0, 0, 0, 12) + bytes(8) + b"\x01a\0\0"
    info = struct.pack(">h", len(layers)) + record * len(layers)
    for layer in layers:
        planes = _planes(layer)
        for start in range(0, len(planes), width * height):
            info += struct.pack(">H", 0) + planes[start : start + width * height]
    return struct.pack(">I", len(info)) + info + bytes(4)


def _planes(picture: Image.Image) -> bytes:
    return np.asarray(picture).transpose(2, 0, 1).tobytes()


def _sun() -> bytes:
    width, height = _SIDES
    pixels = np.asarray(plain_picture())[:, :, ::-1].tobytes()
    return struct.pack(">8I", 0x59A66A95, width, height, 24, len(pixels), 1, 0, 0) + pixels


def _xpm() -> bytes:
    width, height = _SIDES
    keys = "abcdefgh"
    levels = np.asarray(plain_picture().convert("L")) // 32
    rows = ["".join(keys[level] for level in row) for row in levels.tolist()]
    colors = [f"{key} c #{32 * place:02x}{32 * place:02x}40" for place, key in enumerate(keys)]
    lines = ",\n".join(f'"{line}"' for line in [f"{width} {height} 8 1", *colors, *rows])
    return f"/* XPM */\nstatic char *picture[] = {{\n{lines}\n}};\n".encode()


def _fits() -> bytes:
    width, height = _SIDES
    cards = {"SIMPLE": "T", "BITPIX": 8, "NAXIS": 2, "NAXIS1": width, "NAXIS2": height}
    head = "".join(f"{name:8}= {value!s:>20}".ljust(80) for name, value in cards.items())
    return (head + "END".ljust(80)).ljust(2880).encode() + bytes(2880 * 2)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG file, with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def lying_files(side: int = 60_000) -> dict[str, bytes]:
    """Small files that say they hold pictures of side × side pixels."""
    seeds = seed_files()
    deflated = zlib.compress(bytes(100_000), 9)
    png = b"\x89PNG\r\n\x1a\n" + png_chunk(
        b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    )
    png += png_chunk(b"IDAT", deflated) + png_chunk(b"IEND", b"")
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 24, len(png), 22)
    frame = seeds["JPEG"].index(b"\xff\xc0") + 5
    tags = [(256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 8), (262, 3, 1), (273, 4, 200)]
    tags += [(277, 3, 1), (278, 4, side), (279, 4, len(deflated))]
    ifd = struct.pack("<H", len(tags)) + b"".join(
        struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags
    )
    tiff = (b"II*\0" + struct.pack("<I", 8) + ifd + bytes(4)).ljust(200, b"\0") + deflated
    canvas = struct.pack("<I", side - 1)[:3]
    webp = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + canvas * 2
    webp += b"ANMF" + bytes(4)
    return {
        "PNG": png,
        "ICO": struct.pack("<HHH", 0, 1, 1) + entry + png,
        "TIFF": tiff,
        "JPEG": _patched(seeds["JPEG"], frame, struct.pack(">HH", side, side)),
        "GIF": _patched(seeds["GIF"], 6, struct.pack("<HH", side, side)),
        "BMP": _patched(seeds["BMP"], 18, struct.pack("<ii", side, side)),
        "PPM": f"P6\n{side} {side}\n255\n".encode() + bytes(100),
        "QOI": b"qoif" + struct.pack(">IIBB", side, side, 3, 0) + bytes(100),
        "PSD": _patched(seeds["PSD"], 14, struct.pack(">II", side, side)),
        "SUN": _patched(seeds["SUN"], 4, struct.pack(">II", side, side)),
        "TGA": _patched(seeds["TGA"], 12, struct.pack("<HH", side, side)),
        "WEBP": b"RIFF" + struct.pack("<I", len(webp)) + webp,
    }


def _patched(data: bytes, at: int, part: bytes) -> bytes:
    return data[:at] + part + data[at + len(part) :]


def odd_files() -> dict[str, bytes]:
    """Files whose structure is legal or nearly so, and meant to cost time or memory."""
    seeds = seed_files()
    png = seeds["PNG"]
    text = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(5_000_000), 9))
    profile = png_chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(5_000_000), 9))
    loop = struct.pack("<H", 0) + struct.pack("<I", 8)
    wide = struct.pack(">IIBBBBB", 12_000, 12_000, 8, 0, 0, 0, 0)
    flat = zlib.compress(bytes(12_001 * 12_000), 9)
    return {
        "png text bomb": png[:33] + text + png[33:],
        "png profile bomb": png[:33] + profile + png[33:],
        "png of 144 megapixels": png[:8] + png_chunk(b"IHDR", wide) + png_chunk(b"IDAT", flat),
        "png of empty chunks": png[:33] + png_chunk(b"teXt", b"") * 200_000 + png[33:],
        "tiff without end": b"II*\0" + struct.pack("<I", 8) + loop,
        "gif of many frames": seeds["GIF"][:-1] + b"\x21\xf9\x04\0\0\0\0\0" * 100_000 + b";",
        "jpeg of comments": b"\xff\xd8" + b"\xff\xfe\xff\xff" + bytes(65_533) + seeds["JPEG"][2:],
        "jpeg of scans": seeds["JPEG"][:-2] + seeds["JPEG"][-400:-2] * 500 + b"\xff\xd9",
        "ppm of spaces": b"P6" + b" " * 3_000_000 + b"64 48 255\n" + bytes(64 * 48 * 3),
        "ppm of comments": b"P6" + b"\n#" * 1_000_000 + b"\n64 48 255\n" + bytes(64 * 48 * 3),
        "xpm of colours": b'/* XPM */\n"64 48 99999999 9"\n' + b'"a"\n' * 100_000,
        "zeros": bytes(1_000_000),
        "ones": b"\xff" * 1_000_000,
        "one byte": b"\x89",
        "empty": b"",
    }
