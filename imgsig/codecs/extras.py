"""Packages that only some codecs need."""

import importlib
from typing import Any

from imgsig.errors import ConfigError


def import_extra(package: str, codec_id: str) -> Any:
    """Import a package of the extra ``codecs``.

    Parameters
    ----------
    package : str
        Name of the module.
    codec_id : str
        Codec that needs it, for the message.

    Returns
    -------
    module

    Raises
    ------
    ConfigError
        If it is not installed.

    Examples
    --------
    >>> import_extra("no_such_package", "zstd")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    imgsig.errors.ConfigError: codec 'zstd' needs the package no_such_package: ...
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ConfigError(
            f'codec {codec_id!r} needs the package {package}: pip install "imgsig[codecs]"'
        ) from error
