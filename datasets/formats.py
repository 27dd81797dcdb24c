"""Formats that pictures are read in: those that signatures are taken of.

Pillow opens more than is wise for files of unknown origin: PostScript (EPS) would be given to the
program Ghostscript.
"""

#: Pillow's names of the formats, as ``Image.open(formats=...)`` takes them. JPEG includes MPO.
FORMATS = (
    *("AVIF", "BMP", "CUR", "DDS", "DIB", "GIF", "ICNS", "ICO", "JPEG", "JPEG2000", "PCX", "PNG"),
    *("PPM", "PSD", "QOI", "SGI", "SUN", "TGA", "TIFF", "WEBP", "XBM", "XPM"),
)
