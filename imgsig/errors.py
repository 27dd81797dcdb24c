"""Errors that callers of the library can act on."""


class ImgsigError(Exception):
    """Base class of the library's own errors."""


class CorruptImageError(ImgsigError, ValueError):
    """No signature can be taken of this input: it is not an image, or is damaged or too large."""


class NotAnImageError(CorruptImageError):
    """The input does not even begin like a file in one of the formats that are read."""


class ConfigError(ImgsigError, ValueError):
    """A parameter is outside what is defined; the message names it, the limit and the remedy."""


class ShapeError(ConfigError, CorruptImageError):
    """The configuration allows no signature of a picture of this shape."""


class CodecError(ImgsigError, ValueError):
    """A signature cannot be encoded, or a stored form is not what the codec's encoder writes."""


class ScoreError(ImgsigError, ValueError):
    """A search engine returned scores that the layout's fields cannot give."""


class WorkersError(ImgsigError, RuntimeError):
    """Processes that sign pictures cannot be started here."""


class ImageIndexError(ImgsigError, RuntimeError):
    """An index of pictures cannot do what was asked of it."""


class OtherIndexError(ImageIndexError):
    """The index is no index of pictures, or one that was made otherwise; nothing was changed."""


class EngineError(ImageIndexError):
    """The search engine refused a request, or could not be asked.

    Attributes
    ----------
    status : int or None
        Status of its answer; None where there was none.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
