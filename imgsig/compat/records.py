"""image-match's records: what it calls a picture that is to be added or searched for."""

from collections.abc import Mapping
from typing import Any

from imgsig.compat.image_signature import ImageSignature
from imgsig.words import get_words

#: Names of a record's fields; each word has one of its own, with its number at the end.
PATH, SIGNATURE, METADATA, WORD = "path", "signature", "metadata", "simple_word_"
#: When a record was added: it is no part of the picture, and what adds it sets it.
TIMESTAMP = "timestamp"


def make_record(
    path: Any,
    gis: ImageSignature,
    k: int,
    N: int,
    img: Any = None,
    bytestream: bool = False,
    metadata: Any = None,
) -> dict[str, Any]:
    """Sign a picture, and cut its words.

    Parameters
    ----------
    path : str, or array
        What the record has as its path; the picture itself, unless `img` is given.
    gis : ImageSignature
        Signs it.
    k, N : int
        Length and number of words.
    img : str, bytes or array, optional
        The picture.
    bytestream : bool
        Whether `img` is a file's bytes; without `img` it means nothing.
    metadata : optional
        Kept with it, if there are any.

    Returns
    -------
    dict
        ``path``, ``signature`` (a list of integers), ``metadata`` if given, and N words,
        ``simple_word_0`` and so on.
    """
    signature = gis.generate_signature(*((path,) if img is None else (img, bytestream)))
    record: dict[str, Any] = {PATH: path, SIGNATURE: signature.tolist()}
    if metadata:
        record[METADATA] = metadata
    for number, word in enumerate(get_words(signature, k, N).tolist()):
        record[f"{WORD}{number}"] = word
    return record


def words_of(record: Mapping[str, Any]) -> dict[str, int]:
    """The words of a record by their names."""
    return {name: value for name, value in record.items() if name.startswith(WORD)}
