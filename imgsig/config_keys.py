"""Which keys a config may have."""

from collections.abc import Mapping, Sequence

from imgsig.errors import ConfigError


def check_keys(config: object, known: Sequence[str], what: str) -> None:
    """Refuse what is no config, or has a key that nothing reads.

    Parameters
    ----------
    config : object
        What was given for a mapping of parameters.
    known : sequence of str
        Its parameters.
    what : str
        What it configures, for the message.

    Raises
    ------
    ConfigError
        If it is no mapping, or has other keys; the message names those that there are.

    Examples
    --------
    >>> check_keys({"stripp": "half"}, ["strip", "n"], "codec 'packed'")
    Traceback (most recent call last):
    ...
    imgsig.errors.ConfigError: codec 'packed' has no parameter 'stripp'; it takes strip, n
    """
    takes = ", ".join(known)
    if not isinstance(config, Mapping):
        raise ConfigError(f"{what} takes a mapping of {takes}, not {config!r}")
    if unknown := [repr(key) for key in config if key not in known]:
        raise ConfigError(f"{what} has no parameter {', '.join(unknown)}; it takes {takes}")
