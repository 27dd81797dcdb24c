"""Turn documents of the source into those of the new index, or say why that cannot be done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.migrate.detect import stored_words
from bench.migrate.fields import SURROGATE
from bench.migrate.plan import MigrationPlan
from bench.migrate.signs import recovered
from imgsig import CodecError
from imgsig.compat.records import PATH, SIGNATURE, WORD
from imgsig.strips import get_strip


@dataclass(frozen=True)
class Converted:
    """A document of the source, and what becomes of it."""

    id: str
    routing: str | None
    seq_no: int
    signature: NDArray[np.int8] | None = None  # int8[length]; its signs, see `MigrationPlan.signs`
    document: Mapping[str, Any] | None = None  # for the new index; None: refused
    searched: Mapping[str, Any] | None = None  # its fields of words
    reason: str = ""  # why it is refused
    is_broken: bool = False  # a line of a dump that holds no document


def convert(plan: MigrationPlan, hits: Sequence[Mapping[str, Any]]) -> list[Converted]:
    """Turn hits of the source into documents of the new index.

    A document is refused if its signature cannot be decoded (or its signs not be recovered), its
    stored words are not those of its signature (if words are copied: unless the signature is one
    that an image can have), its path is not text or would not survive in the new index, or it has
    a field without a decision.
    """
    reasons = {
        i: why
        for i, hit in enumerate(hits)
        if (why := hit.get("_broken") or _refused(plan, hit["_source"]))
    }
    whole = [i for i in range(len(hits)) if i not in reasons]
    stored = {i: stored_words(hits[i]["_source"], plan.source.N) for i in whole}
    signatures: dict[int, NDArray[np.int8]] = {}
    if (decode := _decoder(plan)) is not None:
        forms = {i: hits[i]["_source"].get(SIGNATURE) for i in whole}
        signatures, undecoded = _decoded(decode, stored if plan.signs else forms)
        reasons |= undecoded
        whole = [i for i in whole if i in signatures]
    if plan.copy_words:
        if signatures:
            reasons |= _of_no_picture(plan, hits, whole, signatures, stored)
            whole = [i for i in whole if i not in reasons]
        words = np.array([stored[i] for i in whole], dtype=np.int64)
    else:
        values = [signatures[i] for i in whole]
        reasons |= _unequal(plan, whole, values, stored)
        whole = [i for i in whole if i not in reasons]
        words = plan.variant.scheme.words(_rows(plan, [signatures[i] for i in whole]))
    documents = _documents(plan, hits, whole, signatures, words) if whole else {}
    return [
        Converted(
            id=hit["_id"],
            routing=hit.get("_routing"),
            seq_no=int(hit["_seq_no"]),
            signature=signatures.get(i),
            document=documents[i][0] if i in documents else None,
            searched=documents[i][1] if i in documents else None,
            reason=reasons.get(i, ""),
            is_broken="_broken" in hit,
        )
        for i, hit in enumerate(hits)
    ]


def refused_in_sample(plan: MigrationPlan) -> dict[str, str]:
    """Ids of sampled documents that cannot be migrated, and why."""
    converted = convert(plan, plan.source.sample)
    return {one.id: one.reason for one in converted if one.document is None}


def _rows(plan: MigrationPlan, values: Sequence[NDArray[np.int8]]) -> NDArray[np.int8]:
    length = plan.variant.scheme.grid.length
    return np.array(values, dtype=np.int8).reshape(-1, length)


def _documents(
    plan: MigrationPlan,
    hits: Sequence[Mapping[str, Any]],
    whole: Sequence[int],
    signatures: Mapping[int, NDArray[np.int8]],
    words: NDArray[np.int64],
) -> dict[int, tuple[dict[str, Any], dict[str, Any]]]:
    layout, codec, scheme = plan.layout, plan.variant.get_codec(), plan.variant.scheme
    rows = _rows(plan, [signatures[i] for i in whole if i in signatures])
    searched = layout.matcher.fields(scheme, rows, words)
    forms = codec.encode_batch(rows) if plan.variant.stores_signature else [None] * len(whole)
    documents = {}
    for i, fields, form in zip(whole, searched, forms, strict=True):
        source = hits[i]["_source"]
        path = {layout.path_name: source[PATH]} if PATH in source else {}
        kept = plan.kept.values(source)
        documents[i] = ({**path, **layout.signature.field(codec, form), **fields, **kept}, fields)
    return documents


def _refused(plan: MigrationPlan, document: Mapping[str, Any]) -> str:
    if unknown := plan.fields.undecided(list(document)):
        return (
            f"field {unknown[0]!r} without a decision: if it is new in the source, repeat the "
            "command, or drop it (--drop)"
        )
    if not isinstance(document.get(PATH, ""), str):
        return f"path is {type(document[PATH]).__name__}, not text"
    if plan.layout.path in ("keyword", "doc_values") and SURROGATE.search(document.get(PATH, "")):
        return (
            f"path {document[PATH]!r} has a lone surrogate, from a file name that is not UTF-8; a "
            "column would not keep it. Choose a layout with the path in _source, such as "
            "integer_filtered, or correct the path in the source"
        )
    words = stored_words(document, plan.source.N)
    limit = plan.detected.scheme.base**plan.detected.scheme.k
    if words is not None and any(type(word) is not int or not 0 <= word < limit for word in words):
        return f"a word that is not an integer from 0 to {limit - 1}"
    if words is None and (plan.copy_words or plan.signs or plan.detected.words):
        return "words are missing"
    return ""


def _decoder(plan: MigrationPlan) -> Callable[[Sequence[Any]], NDArray[np.int8]] | None:
    """What makes signatures of the stored forms, or their signs of the words; None: neither."""
    codec, scheme = plan.detected.codec, plan.detected.scheme
    if codec is not None:
        return lambda forms: codec.decode_batch([codec.from_json(form) for form in forms])
    return (lambda words: recovered(scheme, words)) if plan.signs else None


def _decoded(
    decode: Callable[[Sequence[Any]], NDArray[np.int8]], forms: Mapping[int, Any]
) -> tuple[dict[int, NDArray[np.int8]], dict[int, str]]:
    """The decoded forms, and why others cannot be decoded."""
    try:
        return dict(zip(forms, decode(list(forms.values())), strict=True)), {}
    except CodecError:
        pass  # one of them: find out which
    decoded, reasons = {}, {}
    for i, form in forms.items():
        try:
            (decoded[i],) = decode([form])
        except CodecError as error:
            reasons[i] = "no signature" if form is None else f"signature: {error}"
    return decoded, reasons


def _of_no_picture(
    plan: MigrationPlan,
    hits: Sequence[Mapping[str, Any]],
    whole: Sequence[int],
    signatures: Mapping[int, NDArray[np.int8]],
    stored: Mapping[int, list[int] | None],
) -> dict[int, str]:
    """Texts that decode neither to the stored words nor to a signature that an image can have."""
    texts = [i for i in whole if isinstance(hits[i]["_source"].get(SIGNATURE), str)]
    rows = _rows(plan, [signatures[i] for i in texts])
    regular = get_strip("half", plan.variant.scheme.grid).is_regular(rows)
    words = plan.detected.scheme.words(rows).tolist()
    return {
        i: "signature: not one of an image, and not of these words; was it written in another way?"
        for i, is_regular, own in zip(texts, regular, words, strict=True)
        if not is_regular and own != stored[i]
    }


def _unequal(
    plan: MigrationPlan,
    whole: Sequence[int],
    values: Sequence[NDArray[np.int8]],
    stored: Mapping[int, list[int] | None],
) -> dict[int, str]:
    """Documents whose stored words are not those of their signature."""
    reasons = {}
    own = plan.detected.scheme.words(_rows(plan, values))
    for i, computed in zip(whole, own.tolist(), strict=True):
        found = stored[i]
        if found is not None and found != computed:
            word = next(at for at in range(len(found)) if found[at] != computed[at])
            reasons[i] = f"{WORD}{word} is {found[word]}, but {computed[word]} by its signature"
    return reasons
