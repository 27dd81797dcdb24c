"""What an index was made with, written into the index itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from imgsig.codecs import Codec, get_codec
from imgsig.config import SignatureConfig, check_keys
from imgsig.errors import ConfigError, OtherIndexError
from imgsig.layouts import Layout, get_layout
from imgsig.words import WordScheme

#: Key of the mapping's ``_meta`` below which the identity stands.
META = "imgsig"
#: Of what stands there; raised when earlier releases could not read it.
FORMAT = 1
#: What a new index has, if its layout is not named: small, on any engine, and margins of these
#: words rank best (``results/reference-scoring``).
RECOMMENDED_LAYOUT = "keyword_column"
RECOMMENDED_WORDS: Mapping[str, Any] = {"N": 63, "k": 6}
#: What a config leaves out; words are then image-match's.
DEFAULT_LAYOUT = "tagged_column"
DEFAULT_CODEC: Mapping[str, Any] = {"id": "packed", "strip": "half"}

_PARTS = ("layout", "words", "codec", "signature")


@dataclass(frozen=True)
class Identity:
    """Layout, words, codec and signature config of an index: what all its documents agree in.

    Parameters
    ----------
    layout : Layout
        Mapping, documents and queries.
    words : WordScheme
        Which words a picture has.
    codec : Codec
        How signatures are stored.
    signature : SignatureConfig
        How they are taken.

    Raises
    ------
    ConfigError
        If the parts do not go together.

    Examples
    --------
    >>> identity = Identity.from_config({"layout": "tagged_column"})
    >>> identity.get_config()["codec"], identity.get_config()["words"]
    ({'id': 'packed', 'strip': 'half'}, {'N': 63, 'k': 16})
    >>> Identity.from_config(identity.get_config()) == identity
    True
    """

    layout: Layout
    words: WordScheme
    codec: Codec
    signature: SignatureConfig

    def __post_init__(self) -> None:
        grid, n_levels = self.signature.grid, self.signature.n_levels
        if self.words.grid != grid:
            raise ConfigError(
                f"the words are of {self.words.grid}, the signatures of {grid}; give both the same"
            )
        if (self.codec.grid, self.codec.n_levels) != (grid, n_levels):
            raise ConfigError(
                f"codec {self.codec!r} is not of signatures on {grid} with n_levels={n_levels}; "
                "give the codec the same"
            )
        self.layout.check(self.words, self.codec)

    def get_config(self) -> dict[str, Any]:
        """Return the canonical form, JSON-ready."""
        return {
            "layout": self.layout.layout_id,
            "words": self.words.get_config(),
            "codec": self.codec.get_config(),
            "signature": self.signature.get_config(),
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Build from the canonical form.

        Parameters
        ----------
        config : mapping
            ``layout``, ``words``, ``codec`` and ``signature``; what is left out is the default. The
            codec need not repeat the signature's grid and levels.

        Raises
        ------
        ConfigError
            If a key is unknown or a value impossible.
        """
        check_keys(config, _PARTS, "an index's identity")
        signature = SignatureConfig.from_config(config.get("signature", {}))
        geometry = {
            key: value
            for key, value in signature.get_config().items()
            if key in ("n", "diagonal_neighbors", "n_levels")
        }
        words, codec = config.get("words", {}), config.get("codec", DEFAULT_CODEC)
        return cls(
            layout=get_layout(config.get("layout", DEFAULT_LAYOUT)),
            words=WordScheme.from_config(words, grid=signature.grid),
            codec=get_codec({**codec, **geometry} if isinstance(codec, Mapping) else codec),
            signature=signature,
        )

    @property
    def stores_signature(self) -> bool:
        """Whether hits carry a signature, so that there is a distance."""
        return self.codec.stored_type is not type(None)

    def meta(self, engine: Mapping[str, Any]) -> dict[str, Any]:
        """What the identity is in a mapping's ``_meta``.

        Parameters
        ----------
        engine : mapping
            ``name`` and ``version`` of the engine that the index is made on. They are kept for
            people to read, and compared with nothing.
        """
        return {META: {"format": FORMAT, **self.get_config(), "engine": dict(engine)}}

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any], index: str) -> Self | None:
        """Read it from a mapping's ``_meta``; None where there is none.

        Raises
        ------
        OtherIndexError
            If this release cannot read it.
        """
        written = meta.get(META)
        if written is None:
            return None
        known = isinstance(written, Mapping) and written.get("format") == FORMAT
        if not known:
            raise OtherIndexError(
                f"index {index!r} describes itself in a form that this release does not read "
                f"({json.dumps(written)[:200]}); open it with the release that made it, or later"
            )
        try:
            return cls.from_config({part: written[part] for part in _PARTS if part in written})
        except ConfigError as error:
            raise OtherIndexError(
                f"index {index!r} was made with what this release does not know: {error}; open it "
                "with the release that made it, or later"
            ) from error

    def __str__(self) -> str:
        return json.dumps(self.get_config())
