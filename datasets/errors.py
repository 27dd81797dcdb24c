"""Errors that users of the collections can act on."""


class DatasetError(Exception):
    """A collection cannot be used; the message says why and what to do."""


class DownloadError(DatasetError):
    """A package with pictures could not be fetched, or is not the one it should be."""


class PictureError(DatasetError):
    """A file is no picture, or is damaged."""


class TransformError(DatasetError, ValueError):
    """There is no such transform, or a parameter of it is out of range."""
