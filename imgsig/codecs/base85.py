"""The codec ``base85``."""

from imgsig.codecs.radix_text import RadixText


class Base85(RadixText):
    """Stores the kept values as one number in base 85, with the digits of RFC 1924.

    JSON escapes none of them, so this is the shortest ASCII text of the radix codecs.

    Examples
    --------
    >>> len(Base85(strip="none").encode([0] * 648)), len(Base85(strip="half").encode([0] * 648))
    (235, 99)
    """

    codec_id = "base85"
    radix = 85
