"""Formats that signatures are taken of: those of photographs, scans and the web.

Pillow opens more than is wise for files of unknown origin. Left out are PostScript (EPS), which
Pillow gives to the program Ghostscript; formats that it only recognises and leaves to other
software (BUFR, GRIB, HDF5, MPEG, WMF); and formats of games, instruments and systems of the past,
whose decoders are seldom used and seldom tested.
"""

from PIL import Image

#: Pillow's names of the formats, as ``Image.open(formats=...)`` takes them. JPEG includes MPO.
FORMATS = (
    "AVIF",
    "BMP",
    "CUR",
    "DDS",
    "DIB",
    "GIF",
    "ICNS",
    "ICO",
    "JPEG",
    "JPEG2000",
    "PCX",
    "PNG",
    "PPM",
    "PSD",
    "QOI",
    "SGI",
    "SUN",
    "TGA",
    "TIFF",
    "WEBP",
    "XBM",
    "XPM",
)


def begins_like_a_picture(data: bytes) -> bool:
    """Whether a file that Pillow could not open begins as those of a format do.

    Examples
    --------
    >>> begins_like_a_picture(bytes.fromhex("ffd8ffe0")), begins_like_a_picture(b"a text")
    (True, False)
    """
    Image.init()
    begin = data[:16].ljust(16, b"\0")
    accepts = (Image.OPEN[name][1] for name in FORMATS)  # TGA has nothing that it begins with
    return any(accept(begin) for accept in accepts if accept is not None)
