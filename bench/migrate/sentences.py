"""A plan and an outcome, in words and as data."""

import json
from dataclasses import asdict
from datetime import timedelta
from math import ceil
from typing import Any

from bench.migrate.console_requests import (
    alias_request,
    as_text,
    create_request,
    filtered_by,
    search_request,
    switchable,
)
from bench.migrate.convert import refused_in_sample
from bench.migrate.migration import Expected, Outcome
from bench.migrate.plan import Plan
from bench.migrate.prefix import PATH, TOP

#: What is left where the source changes, or was changed.
CATCH_UP = "start the same command again to catch up, the last time when nothing writes any more"


def plan_data(plan: Plan, expected: Expected) -> dict[str, Any]:
    """A plan, JSON-ready."""
    source = plan.source
    return {
        "source": {
            "index": source.index,
            "uuid": source.uuid,
            "documents": source.documents,
            "only": dict(source.only) or None,
            "store_bytes": source.store_bytes,
            "bytes_per_document": source.bytes_per_document,
            "shards": source.shards,
            "replicas": source.replicas,
        },
        "detected": {
            "codec": plan.detected.codec.get_config() if plan.detected.codec else None,
            "words": plan.detected.scheme.get_config(),
            "documents": plan.detected.documents,
            "words_compared": plan.detected.words,
            "said": plan.detected.said,
        },
        "fields": plan.fields.to_json(),
        "destination": {
            "index": plan.index,
            "variant": plan.variant.canonical(),
            "words": "copied" if plan.copy_words else "computed from the signature",
            "create": {"request": create_request(plan)[0], "body": create_request(plan)[1]},
        },
        "expected": asdict(expected),
        "search": dict(zip(("request", "body"), search_request(plan), strict=True)),
        "aliases": dict(zip(("request", "body"), alias_request(plan), strict=True)),
        "warnings": warnings(plan),
    }


def warnings(plan: Plan) -> list[str]:
    """What a user should know before the new index replaces the old one."""
    fields, codec = plan.fields, plan.variant.get_codec()
    hidden = [name for name in fields.kept if name not in fields.searchable]
    alone = [name for name in plan.source.aliases if name not in switchable(plan)]
    path, path_before = plan.layout.path_found, plan.source.properties.get(PATH)
    refused = refused_in_sample(plan)
    told = {
        f"{len(refused)} of {len(plan.source.sample)} sampled documents cannot be migrated, the "
        f"first is {next(iter(refused), None)!r}: {next(iter(refused.values()), '')}": bool(
            refused
        ),
        f"fields that stand below {' and '.join(filter(None, plan.source.prefixes))} in the source "
        "stand at the top of the new index: queries name them without that": (
            plan.source.prefixes != TOP
        ),
        f"{', '.join(hidden)} can be fetched, not searched or filtered by; queries that do (a "
        "pre_filter) need --searchable": bool(hidden),
        f"path is found {path} (image-match's delete_duplicates searches it)": (
            path_before is not None and path_before != plan.layout.path_mapping
        ),
        **{
            f"alias {name} filters by {', '.join(by)}, which cannot be searched as in the source: "
            "where it would then show other documents (counted at the end), it is not switched; "
            "--searchable keeps a field, the layout (--to) says how path is searched": True
            for name, by in filtered_by(plan).items()
        },
        f"only what alias {plan.source.alias} shows is migrated; {', '.join(alone)} show other "
        "documents and stay with the source": bool(alone),
        f"dropped: {', '.join(fields.dropped)}": bool(fields.dropped),
        "the new index stores no signature: hits can be ranked by score alone, and nothing can be "
        "migrated from it with other words": not plan.variant.stores_signature,
        f"codec {codec!r} is lossy: signatures do not come back as they were": (
            plan.variant.stores_signature and not codec.lossless
        ),
        "the new index does not keep the whole _source: Elasticsearch cannot reindex it or update "
        "parts of its documents; keep the old one until you are sure": not plan.layout.keeps_source,
        "the stored words are not compared with the signatures": (
            plan.detected.codec is not None and not plan.detected.words
        ),
        "the source is not refreshed by itself; what was not refreshed is not seen": (
            plan.source.refresh_seconds < 0
        ),
        "the new index has other words than the source: the same query gives other scores": (
            plan.variant.scheme != plan.detected.scheme
        ),
    }
    return [text for text, applies in told.items() if applies]


def plan_text(plan: Plan, expected: Expected) -> str:
    """A plan to read, with requests to paste."""
    source, fields = plan.source, plan.fields
    shown = f", the {source.documents:,} that its alias {source.alias} shows of its"
    lines = [
        f"Source: {source.index}{shown if source.only else ','} {source.index_documents:,} "
        f"documents, {source.bytes_per_document:,.0f} bytes each, {source.shards} shards. It is "
        "only read.",
        f"Detected: {plan.detected.said}.",
        f"Destination: {plan.index}, layout {plan.variant.layout}, codec "
        f"{plan.variant.get_codec()!r}, N = {plan.variant.N}, k = {plan.variant.k}; words are "
        f"{'copied' if plan.copy_words else 'computed from the signatures'}, ids kept.",
        _fields_text(plan, expected),
        _size_text(plan, expected),
        f"Expected time: about {timedelta(seconds=ceil(expected.read_seconds))} for reading and "
        "converting (the first batch was timed); writing comes on top.",
        *(f"Note: {text}." for text in warnings(plan)),
        "",
        "The new index, to paste (--apply does it):",
        f"{create_request(plan)[0]}\n{json.dumps(create_request(plan)[1], indent=2)}",
        "",
        "A search of it, for the first image of the sample:",
        as_text(search_request(plan)),
        "",
    ]
    if fields.kept and plan.layout.source not in ("full", "filtered"):
        lines.append("Kept fields come as JSON text in the hits' fields NAME_json.")
    lines.append("Nothing was written. Type the same command with --apply to migrate.")
    return "\n".join(lines)


def _fields_text(plan: Plan, expected: Expected) -> str:
    kept = [
        f"{name} (searchable)" if name in plan.fields.searchable else name
        for name in plan.fields.kept
    ]
    if not kept:
        return "Fields kept beside the path: none."
    return (
        f"Fields kept beside the path: {', '.join(kept)}; {expected.kept_bytes:,.0f} bytes a "
        "document as JSON, before compression."
    )


def _size_text(plan: Plan, expected: Expected) -> str:
    if expected.bytes_per_document is None:
        return f"Expected size: unknown ({expected.measured_on})."
    return (
        f"Expected size: about {expected.bytes_per_document:,.0f} bytes a document, "
        f"{expected.bytes_per_document * plan.source.documents / 1e9:,.3f} GB, once merged; kept "
        f"fields come on top. An estimate: measured on {expected.measured_on}."
    )


def shortfalls(outcome: Outcome, *, skip_refused: bool) -> list[str]:
    """Why a migration is not a success yet; empty if it is."""
    found = outcome.verified
    told = {
        f"{found.behind:,} documents of the source were added or changed meanwhile: "
        f"{CATCH_UP}": found.behind > 0,
        f"{found.surplus:,} documents were deleted in the source (or are no longer shown by the "
        "alias they were read by) after they were copied, and are "
        "still in the new index: delete it and migrate again while nothing is deleted": (
            found.surplus > 0
        ),
        f"{found.refused:,} documents cannot be migrated: correct them and start the same command "
        "again, or accept that with --skip-bad": found.refused > 0 and not skip_refused,
    }
    return [text for text, applies in told.items() if applies]


def outcome_text(plan: Plan, outcome: Outcome, *, skip_refused: bool) -> str:
    """An outcome to read, with requests to paste."""
    found, old, new = outcome.verified, outcome.source, outcome.destination
    missing = shortfalls(outcome, skip_refused=skip_refused)
    as_read = "" if plan.detected.words else " as it was read, which no words bear out"
    lines = [
        f"Detected: {plan.detected.said}.",
        f"Counted: {found.source:,} documents in {plan.source.index}, {found.destination:,} in "
        f"{plan.index}, {found.refused:,} refused.",
        f"Read back: all {found.compared:,} documents; {found.values:,} signature values are those "
        f"of the source{as_read}, and so are paths and kept fields. "
        f"{found.searched:,} of them were searched for, and found by all {found.words:,} words.",
        f"Sizes: {old.bytes_per_document:,.0f} bytes a document, now "
        f"{new.store_bytes / max(1, new.documents):,.0f}. Not final: copies for recovery and "
        "unmerged segments are in it. Wait a minute (merged before, copies stay), merge, compare:",
        f"POST /{plan.index}/_forcemerge?max_num_segments=1",
        f"imgsig-bench compare {plan.source.index} {plan.index}",
        "",
        *(f"Not done: {text}." for text in missing),
    ]
    for name, shown in outcome.aliases.items():
        lines.append(
            f"Note: alias {name} is not in the request below, as it would show {shown}. Migrate "
            "with what its filter needs (--searchable, another layout), or give it another filter."
        )
    if not missing:
        request = alias_request(plan, outcome.aliases)
        if request[1]["actions"]:
            lines += ["The new index is whole. To let searches use it (not done here):"]
            lines += [as_text(request)]
        else:
            lines += ["The new index is whole; searches use it by its own name."]
    return "\n".join(lines)
