"""Codecs that could have written what an index stores, found by trying them all.

Some programs store a signature as text: one large number, written in digits of their choice. The
codecs of this project write such texts in one way each; others chose another order of digits or
values, another alphabet, other digits for −2..2. Most of these choices decode some signature from
most texts, and none shows which is right: `bench.migrate.detect` decides.
"""

from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations, product
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig import CodecError, ConfigError, SignatureConfig
from imgsig.codecs import Codec, codec_ids, get_codec
from imgsig.codecs.radix import convert_digits, digits_needed
from imgsig.strips import STRIPS

#: A codec, and what it decodes: ``int8[m, length]``.
Reading = tuple[Codec, NDArray[np.int8]]


def readings(forms: Sequence[Any], chosen: Mapping[str, Any] | None = None) -> list[Reading]:
    """Every codec that could have written all of these forms, with what it decodes them to.

    >>> [codec for codec, _ in readings([[0] * 648])]
    [{"id": "int_array", "strip": "none"}]
    """
    found: list[Reading] = []
    for config in [chosen] if chosen is not None else _configs(forms[0]):
        try:
            codec = source_codec(config)
            stored = [codec.from_json(form) for form in forms]
            values = codec.decode_batch(stored)
            if codec.canonical and codec.encode_batch(values) != stored:
                continue
        except ConfigError:
            if chosen is not None:
                raise
            continue  # this codec does not exist for this grid
        except CodecError:
            continue
        if not any(np.array_equal(values, known) for _, known in found):
            found.append((codec, values))
    return found


def source_codec(config: Mapping[str, Any]) -> Codec:
    """Get a codec, `NumberText` included, by its config."""
    if config.get("id") != NumberText.codec_id:
        return get_codec(config)
    try:
        return NumberText.from_config(dict(config))
    except TypeError as error:
        raise ConfigError(f"codec {NumberText.codec_id!r}: unknown parameter ({error})") from error


def _configs(form: Any) -> list[dict[str, Any]]:
    """Configs of codecs that could write such a form."""
    strips: list[dict[str, Any]] = [{}, *({"strip": strip} for strip in STRIPS)]
    configs: list[dict[str, Any]] = [
        {"id": codec_id, **strip}
        for codec_id in codec_ids()
        if codec_id != "none"
        for strip in strips
    ]
    if isinstance(form, list):  # the length of an unstripped array tells the grid
        grids = [
            {"n": n, "diagonal_neighbors": diagonal}
            for n in range(2, 33)
            for diagonal in (True, False)
            if (n, diagonal) != (9, True) and len(form) == (8 if diagonal else 4) * n * n
        ]
        configs += [{"id": "int_array", "strip": "none", **grid} for grid in grids]
    return configs


def signature_config(codec: Codec) -> dict[str, Any]:
    """The part of a signature's config that a codec has."""
    return SignatureConfig(
        n=codec.grid.n, diagonal_neighbors=codec.grid.diagonal_neighbors, n_levels=codec.n_levels
    ).get_config()


def readable(forms: Sequence[Any], chosen: Mapping[str, Any]) -> list[int]:
    """Indices of the forms that a codec decodes."""
    codec, found = source_codec(chosen), []
    for i, form in enumerate(forms):
        try:
            codec.decode(codec.from_json(form))
        except CodecError:
            continue
        found.append(i)
    return found


#: Base64 alphabets, whose text stands for bytes; padding may be missing.
BYTES = {"base64": b"+/", "base64url": b"-_"}

_BLOCKS = ["".join(blocks) for blocks in permutations((digits, ascii_uppercase, ascii_lowercase))]
_CASES = (ascii_lowercase, ascii_uppercase)
#: Alphabets to try.
ALPHABETS = (
    *(digits[:base] for base in (5, 10)),
    *(digits + case[: base - 10] for case in _CASES for base in (16, 32, 36)),
    *(case + digits for case in _CASES),
    *(case + "234567" for case in _CASES),
    *("".join(one for one in block if one not in "0OIl") for block in _BLOCKS),  # base 58
    *_BLOCKS,
    *(block + more for block in _BLOCKS for more in ("+/", "-_")),
    *("./" + block for block in _BLOCKS),
    *BYTES,
)
#: Base of the number, and its digits for −2, −1, 0, 1, 2.
VALUES = (
    (5, (0, 1, 2, 3, 4)),
    (5, (4, 3, 2, 1, 0)),
    (5, (3, 4, 0, 1, 2)),  # modulo 5
    (5, (4, 2, 0, 1, 3)),  # 0, 1, −1, 2, −2
    (5, (3, 1, 0, 2, 4)),  # 0, −1, 1, −2, 2
    (10, (0, 1, 2, 3, 4)),
    (256, (0, 1, 2, 3, 4)),
    (256, (254, 255, 0, 1, 2)),  # bytes of int8
)

_End = Literal["most", "least"]
_ENDS: tuple[_End, _End] = ("most", "least")


class NumberText(Codec):
    """Read ``Σ digit_i · base^i`` from text; it cannot write.

    `digits` is the alphabet, 0 first; or ``base64`` or ``base64url`` for bytes. `first_digit` and
    `first_value` tell whether the text begins with its ``most`` or ``least`` significant digit, and
    which digit of the number the signature's first value is. `values` are the digits for −2, −1, 0,
    1, 2 (or for as many values as there are), `strip` says which values are stored.

    >>> codec = NumberText("0123456789abcdefghijklmnopqrstuvwxyz")
    >>> codec.decode("a").tolist()[:4]
    [-2, 0, -2, -2]
    """

    codec_id = "number_text"
    stored_type = str
    canonical: ClassVar[bool] = False

    def __init__(
        self,
        digits: str,
        first_digit: _End = "most",
        first_value: _End = "least",
        values: Sequence[int] = (0, 1, 2, 3, 4),
        base: int = 5,
        strip: str = "none",
        n: int = 9,
        diagonal_neighbors: bool = True,
    ) -> None:
        if type(digits) is not str or not (
            digits in BYTES or (digits.isascii() and 2 <= len(set(digits)) == len(digits))
        ):
            raise ConfigError(
                f"digits must be different ASCII characters or {' or '.join(BYTES)}, not {digits!r}"
            )
        if {first_digit, first_value} - {"most", "least"}:
            raise ConfigError(
                f'first_digit and first_value are "most" or "least", not {first_digit!r} and '
                f"{first_value!r}"
            )
        if (
            not len(values) % 2
            or len(set(values)) != len(values)
            or not (
                all(type(value) is int for value in values)
                and 0 <= min(values) <= max(values) < base <= 256
            )
        ):
            raise ConfigError(
                f"values must be an odd number of different integers of 0 to base − 1 = {base - 1},"
                f" not {list(values)}"
            )
        super().__init__(strip, n, diagonal_neighbors, n_levels=len(values) // 2)
        self.digits, self.first_digit, self.first_value = digits, first_digit, first_value
        self.values, self.base = tuple(values), base

    @property
    def radix(self) -> int:
        """Number of digits."""
        return 256 if self.digits in BYTES else len(self.digits)

    def get_config(self) -> dict[str, Any]:
        """Return the canonical form, JSON-ready."""
        return {
            "digits": self.digits,
            "first_digit": self.first_digit,
            "first_value": self.first_value,
            "values": list(self.values),
            "base": self.base,
            **{name: part for name, part in super().get_config().items() if name != "n_levels"},
        }

    def encode_batch(self, signatures: ArrayLike) -> list[Any]:
        """Refuse: this codec only reads."""
        raise CodecError(f"{self!r} can only read; choose another codec to write")

    def decode_batch(self, stored: Sequence[Any]) -> NDArray[np.int8]:
        """Decode many texts to ``int8[m, length]``."""
        self._check_type(stored)
        rows = [self._row(text) for text in stored]
        width = max(map(len, rows), default=0)
        numbers = np.zeros((len(rows), width), dtype=np.uint8)
        for number, row in zip(numbers, rows, strict=True):
            number[: len(row)] = row
        try:
            found = convert_digits(numbers, self.radix, self.base, self.strip.count)
        except OverflowError as error:
            raise CodecError(f"the number is too large for {self!r}") from error
        if self.first_value == "most":
            found = found[:, ::-1]
        value_of = np.full(self.base, -128, dtype=np.int8)
        value_of[list(self.values)] = np.arange(-self.n_levels, self.n_levels + 1)
        kept = value_of[found]
        if (kept == -128).any():
            raise CodecError(f"{self!r} has no value for the digit {int(found[kept == -128][0])}")
        return self.strip.restore(kept)

    def _row(self, text: str) -> NDArray[np.uint8]:
        """Digits of a text, least significant first."""
        try:
            if self.digits in BYTES:
                whole = text.rstrip("=")
                padded = whole + "=" * (-len(whole) % 4)
                row = np.frombuffer(b64decode(padded, BYTES[self.digits], True), dtype=np.uint8)
            else:
                table = np.full(256, 255, dtype=np.uint8)
                table[np.frombuffer(self.digits.encode(), dtype=np.uint8)] = np.arange(self.radix)
                row = table[np.frombuffer(text.encode("ascii"), dtype=np.uint8)]
        except (UnicodeEncodeError, Error, ValueError) as error:
            raise CodecError(f"{text[:12]!r}… is not text of {self!r}: {error}") from error
        if self.digits not in BYTES and row.size and row.max() >= self.radix:
            raise CodecError(f"{text[:12]!r}… has characters that are not digits of {self!r}")
        return row[::-1] if self.first_digit == "most" else row


def number_texts(forms: Sequence[Any]) -> Iterator[NumberText]:
    """Every way to write a number that fits these texts' lengths and characters."""
    if not all(isinstance(form, str) and form for form in forms):
        return
    characters, longest = set("".join(forms)), max(map(len, forms))
    for alphabet, (base, values) in product(ALPHABETS, VALUES):
        if alphabet in BYTES:
            size, radix = len(forms[0].rstrip("=")) * 3 // 4, 256
        elif characters <= set(alphabet):
            size, radix = longest, len(alphabet)
        else:
            continue
        for strip in ("none", "border", "half"):
            codecs = [
                NumberText(alphabet, first_digit, first_value, values, base, strip)
                for first_digit, first_value in product(_ENDS, _ENDS)
            ]
            needed = digits_needed(codecs[0].strip.count, base, radix)
            # Without leading zeros a text is a few digits shorter; base 10 uses half its digits.
            if needed - 4 <= size <= needed:
                yield from codecs
