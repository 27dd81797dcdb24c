"""The codec ``base62``."""

from imgsig.codecs.radix_text import RadixText


class Base62(RadixText):
    """Stores the kept values as one number in base 62, 253 characters by default.

    Examples
    --------
    >>> len(Base62(strip="none").encode([0] * 648)), len(Base62(strip="half").encode([0] * 648))
    (253, 107)
    """

    codec_id = "base62"
    radix = 62
