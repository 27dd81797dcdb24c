"""Errors that callers of the library can act on."""


class ImgsigError(Exception):
    """Base class of the library's own errors."""


class CorruptImageError(ImgsigError, ValueError):
    """No signature can be taken of this input: it is not an image, or is damaged or too large."""


class NotAnImageError(CorruptImageError):
    """The input does not even begin like a file in one of the formats that are read."""


class ConfigError(ImgsigError, ValueError):
    """A parameter is outside what is defined; the message names it, the limit and the remedy."""


class CodecError(ImgsigError, ValueError):
    """A signature cannot be encoded, or a stored form is not what the codec's encoder writes."""


class ScoreError(ImgsigError, ValueError):
    """A search engine returned scores that the layout's fields cannot give."""


class WorkersError(ImgsigError, RuntimeError):
    """Processes that sign pictures cannot be started here."""
