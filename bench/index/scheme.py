"""A word scheme in tables: its name, its columns, and the variant that indexes its words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bench.index.variant import Variant
from bench.runs.canonical import short_hash
from imgsig import WordScheme

#: Parameters of a scheme, in the order of the tables.
PARAMETERS = ("N", "k", "alphabet", "spacing", "strip")


def scheme_name(scheme: WordScheme) -> str:
    """A short name: N × k, and what is not the reference's.

    Examples
    --------
    >>> scheme_name(WordScheme())
    '63x16'
    >>> scheme_name(WordScheme(N=17, k=16, alphabet="quinary", spacing="disjoint", strip="half"))
    '17x16-quinary-disjoint-half'
    """
    parts = [f"{scheme.N}x{scheme.k}"]
    if scheme.alphabet != "ternary":
        parts.append(scheme.alphabet)
    if not isinstance(scheme.spacing, str):
        parts.append(f"chosen{short_hash(list(scheme.spacing))}")
    elif scheme.spacing != "even":
        parts.append(scheme.spacing)
    if scheme.strip != "none":
        parts.append(scheme.strip)
    return "-".join(parts)


def parameters(scheme: WordScheme) -> dict[str, Any]:
    """The columns `PARAMETERS` of a scheme; chosen positions are ``chosen``."""
    spacing = scheme.spacing if isinstance(scheme.spacing, str) else "chosen"
    row = (scheme.N, scheme.k, scheme.alphabet, spacing, scheme.strip)
    return dict(zip(PARAMETERS, row, strict=True))


def scheme_variant(
    scheme: WordScheme, layout: str, codec: Mapping[str, Any] = MappingProxyType({"id": "none"})
) -> Variant:
    """The variant that indexes a scheme's words in a layout; by default without the signature."""
    words = {key: value for key, value in scheme.get_config().items() if key not in ("N", "k")}
    return Variant(N=scheme.N, k=scheme.k, codec=codec, layout=layout, words=words)
