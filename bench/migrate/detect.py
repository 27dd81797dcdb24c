"""Detect how an index stores signatures and which words it has, by trying.

Every codec that could have written the sampled forms decodes them. The words computed from the
result must be the stored ones, all of them: N is the number of fields, and only one word length
gives these words. If nothing fits, or several things do, that is an error: a guess would give an
index that looks right and finds nothing.

That a text can be decoded proves little: in base 62 any alphabet, in any order, decodes to some
signature. A reading is confirmed by the words, which hold the sign of every value, or else by
values off the grid being 0 and mirrored ones opposite. The latter also holds for the image upside
down and for its negative: without words there are several readings, and the user has to choose.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.migrate.codec_detection import Reading, number_texts, readable, readings
from bench.migrate.source import Source
from bench.runs.errors import ExperimentError
from imgsig import ConfigError, WordScheme
from imgsig.codecs import Codec
from imgsig.compat.records import SIGNATURE, WORD
from imgsig.strips import get_strip

#: Longest words of three symbols that fit 64 bits.
LONGEST = 39

#: Documents on which ways of writing numbers are tried first, before the whole sample.
FEW = 16

#: image-match's default word length; only messages use it.
USUAL_K = 16


@dataclass(frozen=True)
class Detected:
    """What the documents of an index hold."""

    codec: Codec | None  # None: there are no signatures
    scheme: WordScheme
    documents: int  # sampled documents that were decoded
    words: int  # words computed and compared with those stored
    said: str  # what was found and how certain it is, in one sentence


#: A codec, words, and the number of documents that have them.
_Fit = tuple[Codec, WordScheme, int]


def stored_words(document: Mapping[str, Any], count: int) -> list[Any] | None:
    """A document's words as stored, or None if any is missing."""
    words = [document.get(f"{WORD}{i}") for i in range(count)]
    return None if None in words else words


def _are_words(words: Sequence[Any]) -> bool:
    return all(type(word) is int and 0 <= word < 2**63 for word in words)


def detect(
    source: Source,
    *,
    codec: Mapping[str, Any] | None = None,
    N: int | None = None,
    k: int | None = None,
    copy_words: bool = False,
) -> Detected:
    """Detect how signatures are stored and which words there are."""
    if N is not None and N != source.N:
        raise ExperimentError(
            f"--N is {N}, but index {source.index!r} has {source.N} fields {WORD}…; leave it out"
        )
    documents = [(hit["_id"], hit["_source"]) for hit in source.sample]
    signed = [(id_, own) for id_, own in documents if own.get(SIGNATURE) is not None]
    if not signed:
        return _without_signature(source, documents, k)
    if codec is not None:  # the user named it: what it cannot decode is refused later
        kept = readable([own[SIGNATURE] for _, own in signed], codec)
        signed = [signed[i] for i in kept] or signed
    words = [stored_words(own, source.N) for _, own in signed]
    known = [i for i, own in enumerate(words) if own is not None and _are_words(own)]
    if (copy_words or not known) and k is None:
        reason = "--words copy" if copy_words else "its words are not in _source"
        raise ExperimentError(
            f"the word length of {source.index!r} cannot be detected ({reason}); give it: "
            f"--k {USUAL_K} is image-match's default"
        )
    forms = [own[SIGNATURE] for _, own in signed]
    found = readings(forms, codec)
    literal = all(isinstance(form, list) for form in forms)
    fitting: list[_Fit] = []
    if known and not (copy_words and literal):
        compared = np.array([words[i] for i in known], dtype=np.int64)
        tried = [k] if k is not None else range(1, LONGEST + 1)
        # Where the user gave everything, some documents may differ: they will be refused.
        least = 0.5 if k is not None and (codec is not None or copy_words) else 1.0
        fitting = _fitting(found, compared, known, tried, least)
        if not fitting and codec is None and not literal:
            texts = _texts([forms[i] for i in known], compared, least)
            more = _different(one for text in texts for one in readings(forms, text.get_config()))
            fitting = _fitting(more, compared, known, tried, least)
            found = [*found, *more]
    if not found and not literal and codec is None:
        found = _regular(number_texts(forms), forms)
    if not found:
        raise _unreadable(signed, codec)
    if not fitting and (copy_words or not known):
        return _by_form(source, found, forms, k, named=codec is not None)
    if not fitting:
        ids = [signed[i][0] for i in known]
        raise _other_words(source.N, ids, found[0], known, compared, k)
    if len(fitting) > 1:
        raise _ambiguous([read for read, _, _ in fitting])
    ((read, scheme, equals),) = fitting
    said = _said(read, scheme, len(documents), equals)
    return Detected(read, scheme, len(forms), equals * source.N, said)


def _fitting(
    found: Sequence[Reading],
    compared: NDArray[np.int64],
    known: Sequence[int],
    lengths: Sequence[int],
    least: float,
) -> list[_Fit]:
    """Readings whose words are those stored, for all documents or more than this share."""
    fitting = []
    for read, values in found:
        for scheme in _schemes(read, compared.shape[1], lengths):
            equal = (scheme.words(values[known]) == compared).all(axis=1)
            if equal.all() or equal.mean() > least:
                fitting.append((read, scheme, int(equal.sum())))
    return fitting


def _texts(forms: Sequence[Any], compared: NDArray[np.int64], least: float) -> list[Codec]:
    """Ways to write numbers that agree with the first digits of some documents' words.

    The least significant digit of a word is that of its first value, whatever the word length.
    """
    few, own = range(min(FEW, len(forms))), forms[:FEW]
    first = compared[:FEW] % 3
    return [
        text
        for text in number_texts(forms)
        if _fitting(readings(own, text.get_config()), first, few, [1], least)
    ]


def _said(codec: Codec, scheme: WordScheme, sampled: int, equals: int) -> str:
    what = f"signatures are stored with codec {codec!r}, words are N = {scheme.N} of k = {scheme.k}"
    compared = f"the {equals * scheme.N:,} words computed from them equal those stored"
    if equals == sampled:
        return f"{what}: all {sampled} sampled signatures decode, and {compared}. Nothing else fits"
    return (
        f"{what}: this fits {equals} of {sampled} sampled documents, and {compared}. The other "
        f"{sampled - equals} will be refused"
    )


def _schemes(codec: Codec, count: int, lengths: Any) -> list[WordScheme]:
    schemes = []
    for k in lengths:
        try:
            schemes.append(WordScheme(N=count, k=k, grid=codec.grid))
        except ConfigError:
            if len(lengths) == 1:
                raise
    return schemes


def _by_form(
    source: Source, found: Sequence[Reading], forms: Sequence[Any], k: int | None, *, named: bool
) -> Detected:
    """What is stored, where no words can confirm it."""
    if not all(isinstance(form, list) for form in forms):
        if not named:
            others = _regular(number_texts(forms), forms)
            found = _different([*_regular([codec for codec, _ in found], forms), *others])
        elif not _regular([found[0][0]], forms):
            raise ExperimentError(
                f"decoded with codec {found[0][0]!r}, the signatures of {source.index!r} cannot be "
                "of images: values off the grid are not 0, or mirrored ones not opposite. The "
                "order of digits or the alphabet is wrong; omit --codec to try all"
            )
    if not found:
        raise ExperimentError(
            f"no codec decodes the signatures of {source.index!r} to such as images have, and "
            "there are no words to check them with; name the codec that wrote them (--codec)"
        )
    if len(found) > 1:
        raise _ambiguous([codec for codec, _ in found])
    ((codec, _),) = found
    (scheme,) = _schemes(codec, source.N, [k])
    said = (
        f"signatures are stored with codec {codec!r}: all {len(forms)} sampled ones decode, and "
        f"{'it was given' if named else 'no other codec decodes them'}. The words, N = {scheme.N} "
        f"of k = {scheme.k}, were given and not compared with the signatures"
    )
    return Detected(codec, scheme, len(forms), 0, said)


def _regular(codecs: Iterable[Codec], forms: Sequence[Any]) -> list[Reading]:
    """Readings with signatures as images have them: 0 off the grid, mirrored values opposite."""
    found: list[Reading] = []
    for codec in codecs:
        half = get_strip("half", codec.grid)
        few = readings(forms[:FEW], codec.get_config())
        if few and half.is_regular(few[0][1]).mean() > 0.5:
            whole = readings(forms, codec.get_config())
            found += [one for one in whole if half.is_regular(one[1]).mean() > 0.5]
    return _different(found)


def _different(found: Iterable[Reading]) -> list[Reading]:
    kept: list[Reading] = []
    for codec, values in found:
        if not any(np.array_equal(values, known) for _, known in kept):
            kept.append((codec, values))
    return kept


def _without_signature(source: Source, documents: list[Any], k: int | None) -> Detected:
    if k is None:
        raise ExperimentError(
            f"index {source.index!r} stores no signature, so its word length cannot be detected; "
            f"give it: --k {USUAL_K} is image-match's default"
        )
    scheme = WordScheme(N=source.N, k=k)
    # Other words than whole numbers are refused one by one, with their reason.
    numbers = [
        word
        for _, own in documents
        for word in stored_words(own, source.N) or []
        if type(word) is int
    ]
    largest = max(numbers, default=0)
    said = (
        f"no signature is stored; words are N = {scheme.N} of k = {k}, which was given (the "
        f"largest in the sample is {largest:,} of {scheme.base**k - 1:,})"
    )
    return Detected(None, scheme, 0, 0, said)


def _unreadable(signed: list[Any], chosen: Mapping[str, Any] | None) -> ExperimentError:
    id_, document = signed[0]
    form = document[SIGNATURE]
    shown = f"{form if isinstance(form, str) else type(form).__name__!s}"[:40]
    length = f" of length {len(form)}" if isinstance(form, list | str) else ""
    if chosen is not None:
        return ExperimentError(
            f"codec {dict(chosen)} did not write the sampled signatures; the first is that of "
            f"document {id_!r}: {shown}{length}. Omit --codec to try all"
        )
    return ExperimentError(
        f"no codec decodes all sampled signatures; the first is that of document {id_!r}: "
        f"{shown}{length}. Name the codec (--codec) to skip documents that it cannot decode, with "
        "its n_levels if values lie beyond −2..2, and its n if the grid is not 9 × 9"
    )


def _ambiguous(codecs: list[Codec]) -> ExperimentError:
    more = f"; and {len(codecs) - 4} more" if len(codecs) > 4 else ""
    return ExperimentError(
        "several codecs could have written the signatures, and there are no words to tell which: "
        f"{'; '.join(map(repr, codecs[:4]))}{more}. Choose one with --codec"
    )


def _other_words(
    count: int,
    ids: list[str],
    reading: tuple[Codec, NDArray[np.int8]],
    known: list[int],
    stored: NDArray[np.int64],
    k: int | None,
) -> ExperimentError:
    codec, values = reading
    own = WordScheme(N=count, k=k or USUAL_K, grid=codec.grid).words(values[known])
    row, word = (int(first) for first in np.argwhere(own != stored)[0])
    tried = f"k = {k}" if k else f"any k up to {LONGEST}"
    return ExperimentError(
        f"the stored words are not those of the signatures, decoded with codec {codec!r}, for N = "
        f"{count} and {tried}: in document {ids[row]!r}, {WORD}{word} is {stored[row, word]}, but "
        f"{own[row, word]} by its signature (k = {k or USUAL_K}). Give the right codec (--codec) "
        "or word length (--k), or copy the words as they are (--words copy --k …)"
    )
