"""The codec ``base36``."""

from imgsig.codecs.radix_text import RadixText


class Base36(RadixText):
    """Stores the kept values as one number in base 36, 292 characters by default.

    Examples
    --------
    >>> len(Base36(strip="none").encode([0] * 648)), len(Base36(strip="half").encode([0] * 648))
    (292, 123)
    """

    codec_id = "base36"
    radix = 36
