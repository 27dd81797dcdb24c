"""A variant: one point of the build matrix, and so one index; its name, and its words in tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from bench.runs.config_file import canonical_json, short_hash
from bench.runs.errors import ExperimentError
from imgsig import ConfigError, WordScheme
from imgsig.codecs import Codec
from imgsig.index import Identity
from imgsig.layouts import Vector

#: Characters that no name may have, and those that none may begin with.
_NOWHERE, _NOT_FIRST = '\\/*?"<>| ,#:', "_-+"
#: Longest name, bytes of UTF-8.
LONGEST = 255
#: Parameters of a scheme, in the order of the tables.
PARAMETERS = ("N", "k", "alphabet", "spacing", "strip")


def check_index_name(name: str, remedy: str = "give another name") -> None:
    """Refuse a name that the engine would refuse.

    https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-create

    >>> check_index_name("Photos")
    Traceback (most recent call last):
    bench.runs.errors.ExperimentError: no index can be called 'Photos': only lowercase ...
    """
    if reason := _reason(name):
        shown = name if len(name) <= 60 else f"{name[:57]}…"
        raise ExperimentError(f"no index can be called {shown!r}: {reason}; {remedy}")


def _reason(name: str) -> str:
    size = len(name.encode(errors="surrogatepass"))
    told = {
        "it is empty": not name,
        "only lowercase letters are allowed": name != name.lower(),
        f"{next((c for c in name if c in _NOWHERE), '')!r} is not taken": bool(
            set(name) & set(_NOWHERE)
        ),
        f"it begins with {name[:1]!r}": name[:1] in set(_NOT_FIRST),
        "it is a folder's": name in (".", ".."),
        f"it has {size} bytes of UTF-8, more than the {LONGEST} allowed": size > LONGEST,
        "it is no valid text": any("\ud800" <= c <= "\udfff" for c in name),
    }
    return next((reason for reason, applies in told.items() if applies), "")


@dataclass(frozen=True)
class Variant:
    """What determines an index: word count and length, codec (with its strip) and layout.

    `words` holds ``alphabet``, ``spacing`` and ``strip`` where they differ from image-match's (see
    `imgsig.WordScheme`), `signature` the signature config where it differs from the default. A
    fixed index `name` is not part of the identity. `ExperimentError` tells of impossible ones.

    >>> variant = Variant(N=63, k=16, codec={"id": "base62", "strip": "half"})
    >>> variant.index_name
    'n63-k16-base62-half-dynamic-328d1c6e'
    >>> Variant(N=63, k=16, codec={"id": "none"}, name="tester_none").index_name
    'tester_none'
    """

    N: int
    k: int
    codec: Mapping[str, Any]
    layout: str = "dynamic"
    words: Mapping[str, Any] = field(default_factory=dict)
    signature: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None

    def __post_init__(self) -> None:
        if self.name is not None:
            check_index_name(self.name, "give the variant another")
        if twice := {"N", "k"} & set(self.words):
            raise ExperimentError(f"{twice.pop()} belongs beside 'words', not in it")
        try:
            identity = self.identity
        except ConfigError as error:
            raise ExperimentError(str(error)) from error
        object.__setattr__(self, "codec", identity.codec.get_config())
        object.__setattr__(self, "signature", identity.signature.get_config())
        config = identity.words.get_config()
        words = {key: value for key, value in config.items() if key not in ("N", "k")}
        object.__setattr__(self, "words", words)

    @cached_property
    def identity(self) -> Identity:
        """What the index says of itself, by which `imgsig.index` opens it."""
        return Identity.from_config(
            {
                "layout": self.layout,
                "words": {"N": self.N, "k": self.k, **self.words},
                "codec": self.codec,
                "signature": self.signature,
            }
        )

    def canonical(self) -> dict[str, Any]:
        """The canonical form, JSON-ready: the variant's identity."""
        form = {"N": self.N, "k": self.k, "codec": dict(self.codec), "layout": self.layout}
        for part in ("words", "signature"):  # left out where they are the reference's
            if getattr(self, part):
                form[part] = dict(getattr(self, part))
        return form

    @property
    def key(self) -> str:
        """Canonical form as text."""
        return canonical_json(self.canonical())

    @property
    def index_name(self) -> str:
        """The fixed name, or a readable slug with a short hash of the identity."""
        if self.name:
            return self.name
        parts = [f"n{self.N}", f"k{self.k}", str(self.codec["id"]).replace("_", "-")]
        if "strip" in self.codec:
            parts.append(str(self.codec["strip"]))
        spacing = self.words.get("spacing", "")
        parts += [f"{self.words[p]}-words" for p in ("alphabet", "strip") if p in self.words]
        if spacing:
            parts.append(spacing if isinstance(spacing, str) else "chosen")
        return "-".join([*parts, self.layout.replace("_", "-"), short_hash(self.canonical())])

    @property
    def scheme(self) -> WordScheme:
        """Which words this variant indexes."""
        return self.identity.words

    def get_codec(self) -> Codec:
        """The codec that this variant stores signatures with."""
        return self.identity.codec

    @property
    def ranks_exactly(self) -> bool:
        """Whether every document is ranked, by equal words or by equal bits."""
        matcher = self.identity.layout.matcher
        bits = isinstance(matcher, Vector) and matcher.element == "bit"
        return matcher.exact and (bits or self.counts_words)

    @property
    def counts_words(self) -> bool:
        """Whether a score is a number of equal words at their positions."""
        return self.identity.layout.matcher.knows_positions

    @property
    def largest_score(self) -> int:
        """Score of a picture that equals the query: N where scores count words."""
        return self.identity.layout.largest_score(self.scheme)

    @property
    def stores_signature(self) -> bool:
        """Whether hits carry a signature, so that distance can rank."""
        return self.identity.stores_signature


def variants_of(config: Mapping[str, Any]) -> list[Variant]:
    """The variants of a run's config in its canonical form, named as their indices are."""
    return [
        Variant(**{key: one[key] for key in one if key != "index"}, name=one["index"])
        for one in config["variants"]
    ]


def scheme_name(scheme: WordScheme) -> str:
    """A short name: N × k, and what is not the reference's.

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


def source_of(variant: Variant) -> str:
    """What an index ranks by: those that differ in what they keep beside it have the same.

    >>> source_of(Variant(63, 6, {"id": "none"}, "keyword_column"))
    '63x6'
    >>> source_of(Variant(63, 16, {"id": "none"}, "vector_sign_hnsw"))
    '272 bits'
    """
    matcher = variant.identity.layout.matcher
    if matcher.counts_words:
        return scheme_name(variant.scheme) + ("" if matcher.knows_positions else " anywhere")
    element = getattr(matcher, "element", "bit")
    return f"{variant.largest_score - 1} bits" if element == "bit" else f"vectors of {element}s"


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
