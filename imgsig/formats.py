"""Formats that signatures are taken of: those of photographs, scans and the web.

Pillow opens more than is wise for files of unknown origin. Left out are PostScript (EPS), which
Pillow gives to the program Ghostscript; formats that it only recognises and leaves to other
software (BUFR, GRIB, HDF5, MPEG, WMF); and formats of games, instruments and systems of the past,
whose decoders are seldom used and seldom tested.
"""

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
