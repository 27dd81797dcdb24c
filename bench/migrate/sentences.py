"""A plan and a result, in words and as data."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from math import ceil
from typing import Any

from bench.engine.capabilities import TITLES
from bench.migrate.application import changes
from bench.migrate.console_requests import (
    alias_request,
    as_text,
    create_request,
    filtered_by,
    search_request,
    switchable,
)
from bench.migrate.convert import refused_in_sample
from bench.migrate.dump import Dump
from bench.migrate.expected import Expected, size_text
from bench.migrate.migration import Migrated
from bench.migrate.plan import MigrationPlan
from bench.migrate.verify import Verified
from bench.report.rounding import sized
from imgsig.compat.records import PATH

#: What remains to be done after the source has changed.
CATCH_UP = "repeat the command to catch up, the last time after all writing has stopped"


def plan_data(plan: MigrationPlan, expected: Expected) -> dict[str, Any]:
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
        "fields": {
            "kept": list(plan.fields.kept),
            "dropped": list(plan.fields.dropped),
            "becomes": plan.kept.becomes(),
        },
        "application": changes(plan),
        "destination": {
            "index": plan.index,
            "variant": plan.variant.canonical(),
            "words": "copied" if plan.copy_words else "computed from the signature",
            "signs": plan.signs.to_json() if plan.signs else None,
            "create": {"request": create_request(plan)[0], "body": create_request(plan)[1]},
        },
        "expected": asdict(expected),
        "search": dict(zip(("request", "body"), search_request(plan), strict=True)),
        "aliases": dict(zip(("request", "body"), alias_request(plan), strict=True)),
        "warnings": warnings(plan),
    }


def warnings(plan: MigrationPlan) -> list[str]:
    """What a user should know before the new index replaces the old one."""
    fields, codec = plan.fields, plan.variant.get_codec()
    counts_words = plan.layout.matcher.counts_words
    alone = [name for name in plan.source.aliases if name not in switchable(plan)]
    path, path_before = plan.layout.path_found, plan.source.properties.get(PATH)
    refused = refused_in_sample(plan)
    told = {
        f"{len(refused)} of {len(plan.source.sample)} sampled documents cannot be migrated; the "
        f"first is {next(iter(refused), None)!r}: {next(iter(refused.values()), '')}": bool(
            refused
        ),
        f"fields under {_under(plan)} in the source are at the "
        "top level of the new index: queries name them without that prefix": bool(_under(plan)),
        f"queries that filter by {', '.join(plan.kept.lost)} (a pre_filter) find nothing": bool(
            plan.kept.lost
        ),
        _changed_text(plan): bool(_changed_text(plan)),
        f"{_needs(plan)}: --apply asks the engine first, with an index that it deletes again": bool(
            plan.layout.needs
        ),
        f"{_broken_text(plan)}": bool(_broken_text(plan)),
        f"path is found {path} (image-match's delete_duplicates searches it)": (
            path_before is not None and path_before != plan.layout.path_mapping
        ),
        **{
            f"alias {name} filters by {', '.join(by)}, which cannot be searched as in the source: "
            "if it would show other documents (they are counted at the end), it is not switched; "
            "the layout (--to) decides for path": True
            for name, by in filtered_by(plan).items()
        },
        f"only what alias {plan.source.alias} shows is migrated; {', '.join(alone)} show other "
        "documents and stay on the source": bool(alone),
        f"dropped: {', '.join(fields.dropped)}": bool(fields.dropped),
        "the new index stores no signature: hits can be ranked by score only, and it cannot be "
        "migrated to other words": not plan.variant.stores_signature,
        f"codec {codec!r} is lossy: signatures cannot be restored exactly": (
            plan.variant.stores_signature and not codec.lossless
        ),
        "the new index does not keep the whole _source: the engine cannot reindex it or update "
        "parts of its documents; keep the old one until you are sure": not plan.layout.keeps_source,
        "the stored words are not compared with the signatures": (
            plan.detected.codec is not None and not plan.detected.words
        ),
        "the source is not refreshed automatically; documents not yet refreshed are missed": (
            plan.source.refresh_seconds < 0
        ),
        "the new index has other words than the source: the same query gets other scores": (
            counts_words and plan.variant.scheme != plan.detected.scheme
        ),
        "the new index is ranked by vectors, not by words: a score is how much nearer a picture "
        "is than the farthest possible, at most "
        f"{plan.layout.largest_score(plan.variant.scheme):,}; choose cutoffs (min_score) anew": (
            not counts_words
        ),
        f"vectors are made of the signs in the words; {plan.signs}": plan.signs is not None,
    }
    return [text for text, applies in told.items() if applies]


def plan_text(plan: MigrationPlan, expected: Expected) -> str:
    """A plan to read, with requests to paste."""
    lines = [
        _source_text(plan),
        f"Detected: {plan.detected.said}.",
        f"Destination: {plan.index}{_there(plan)}, layout {plan.variant.layout}, codec "
        f"{plan.variant.get_codec()!r}, {_searched_text(plan)}, ids kept.",
        _fields_text(plan, expected),
        size_text(plan, expected),
        f"Expected time: about {timedelta(seconds=ceil(expected.read_seconds))} to read and "
        "convert (the first batch was timed); writing comes on top.",
        *(f"Note: {text}." for text in warnings(plan)),
        "",
        *changes(plan),
        "",
        "Request to create the new index (--apply sends it):",
        f"{create_request(plan)[0]}\n{json.dumps(create_request(plan)[1], indent=2)}",
        "",
        "Request to search it for the first sampled image:",
        as_text(search_request(plan)),
        "",
    ]
    lines.append("Nothing was written. Repeat the command with --apply to migrate.")
    return "\n".join(lines)


def _searched_text(plan: MigrationPlan) -> str:
    matcher = plan.layout.matcher
    what = "words are" if matcher.counts_words else "vectors are"
    if matcher.takes_least and not matcher.counts_words:
        what = "words and vectors are"
    how = "computed from the " + ("signs in the words" if plan.signs else "signatures")
    words = f"N = {plan.variant.N}, k = {plan.variant.k}; " if matcher.takes_least else ""
    return f"{words}{what} {'copied' if plan.copy_words else how}"


def _there(plan: MigrationPlan) -> str:
    return f" on {plan.elsewhere}" if plan.elsewhere else ""


def _source_text(plan: MigrationPlan) -> str:
    source = plan.source
    if source.is_dump:
        return (
            f"Source: {source.index}, a dump of {source.documents:,} documents, "
            f"{source.bytes_per_document:,.0f} bytes each as JSON."
        )
    shown = f", the {source.documents:,} documents that alias {source.alias} shows of its"
    return (
        f"Source: {source.index}{shown if source.only else ','} {source.index_documents:,} "
        f"documents, {source.bytes_per_document:,.0f} bytes each, {source.shards} shards. It is "
        "only read."
    )


def _fields_text(plan: MigrationPlan, expected: Expected) -> str:
    becomes = plan.kept.becomes()
    if not becomes:
        return "Fields kept besides the path: none."
    width = max(map(len, becomes))
    return "\n".join(
        [
            f"Fields kept besides the path, {expected.kept_bytes:,.0f} bytes a document as JSON, "
            "before compression:",
            *(f"  {path:{width}}  {how}" for path, how in becomes.items()),
        ]
    )


def _under(plan: MigrationPlan) -> str:
    """The objects whose fields move to the top level; empty if none do."""
    return " and ".join(filter(None, plan.source.prefixes))


def _changed_text(plan: MigrationPlan) -> str:
    """Which kept fields are JSON text too, as columns would change something in them."""
    kept = plan.kept
    if kept.has_source:
        return ""
    told = []
    for name in plan.fields.searchable:
        present = [hit["_source"][name] for hit in plan.source.sample if name in hit["_source"]]
        if found := [path for value in present if (path := kept.changed(name, value))]:
            told.append(
                f"{name} in {len(found)} of {len(present)} sampled documents that have it, first "
                f"for {found[0]}"
            )
    if not told:
        return ""
    return (
        "hits have a field as JSON text (NAME_json), which then counts, where doc values would "
        f"give back another value, order or precision: {'; '.join(told)}"
    )


def _needs(plan: MigrationPlan) -> str:
    needs = " and ".join(TITLES[name] for name in sorted(plan.layout.needs))
    return f"layout {plan.variant.layout} needs {needs}, which not every engine has"


def _broken_text(plan: MigrationPlan) -> str:
    source = plan.source
    if not isinstance(source, Dump) or not source.broken:
        return ""
    first = "; ".join(f"{line}: {why}" for line, why in list(source.first_broken.items())[:3])
    return f"{source.broken:,} lines of the dump are broken and hold no document: {first}"


def shortfalls(outcome: Migrated, *, skip_refused: bool) -> list[str]:
    """Why a migration is not complete; empty if it is."""
    found = outcome.verified
    told = {
        f"{found.behind:,} documents were added to the source or changed meanwhile: "
        f"{CATCH_UP}": found.behind > 0,
        f"{found.surplus:,} documents of the new index are not in the source: they were deleted "
        "there since (or left the alias they were read through), or the application has written "
        "them. While it does not read the new index yet, --mirror deletes them": found.surplus > 0,
        f"{found.refused:,} documents cannot be migrated: correct them and repeat the command, or "
        "accept that with --skip-bad": found.refused > 0 and not skip_refused,
    }
    return [text for text, applies in told.items() if applies]


def outcome_text(
    plan: MigrationPlan, outcome: Migrated, missing: Sequence[str], *, switched: str = ""
) -> str:
    """A result to read, with requests to paste.

    `missing` are its `shortfalls`, `switched` is the alias that leads to the new index now.
    """
    found, old, new = outcome.verified, outcome.source, outcome.destination
    alone = plan.elsewhere or plan.source.is_dump
    before = (
        f"{sized(old.store_bytes)} ({old.bytes_per_document:,.0f} bytes a document), now "
        if old
        else ""
    )
    as_read = "" if plan.detected.words else " as decoded, which no words confirm"
    values = (
        f"{found.values:,} signature values are those of the source{as_read}, and so are paths and "
        "kept fields."
    )
    if not plan.variant.stores_signature:
        values = "paths and kept fields are those of the source."
    lines = [
        f"Detected: {plan.detected.said}.",
        f"Counted: {found.source:,} documents in {plan.source.index}, {found.destination:,} in "
        f"{plan.index}, {found.refused:,} refused.",
        f"Read back: all {found.compared:,} documents; {values} {_found_text(plan, found)}",
        *(
            [f"Deleted from {plan.index}, as the source no longer has them: {outcome.deleted:,}."]
            if outcome.deleted
            else []
        ),
        f"Size: {before}{sized(new.store_bytes)} "
        f"({new.store_bytes / max(1, new.documents):,.0f} bytes a document). Not final: it "
        "includes copies for recovery and unmerged segments. Wait a minute (a merge before that "
        "keeps the copies), merge, compare:",
        f"POST /{plan.index}/_forcemerge?max_num_segments=1",
        f"imgsig-bench compare {'' if alone else f'{plan.source.index} '}{plan.index}"
        f"{_there(plan)}",
        "",
        *(f"Not done: {text}." for text in missing),
    ]
    renamed = f": no field is under {_under(plan)} any more" if _under(plan) else ""
    for name, shown in outcome.aliases.items():
        lines.append(
            f"Note: alias {name} is left as it is, as it would show {shown}. Keep what its filter "
            f"needs (another layout), or change its filter{renamed}."
        )
    if missing:
        return "\n".join(lines)
    lines += [f"The new index is complete.{_switched_text(plan, switched)}", "", *changes(plan)]
    request = alias_request(plan, outcome.aliases)
    if switched or plan.source.is_dump:
        return "\n".join(lines)
    if request[1]["actions"]:
        lines += [
            "",
            "When the application is changed, point the aliases to it (not done here; --switch "
            "ALIAS does it for one):"
            if not plan.elsewhere
            else f"When the application is changed, give it the aliases{_there(plan)} (not done "
            "here; those of the source stay):",
            as_text(request),
        ]
    return "\n".join(lines)


def _found_text(plan: MigrationPlan, found: Verified) -> str:
    if plan.layout.matcher.counts_words:
        return (
            f"{found.searched:,} documents were searched for and found by all {found.words:,} "
            "words."
        )
    words = f", among those of all {found.words:,} words" if found.words else ""
    told = (
        f"All {found.vectors:,} vectors are as they should be, and {found.searched:,} documents "
        f"were searched for and found by their own at the full score{words}."
    )
    if plan.signs:
        told += (
            f" The {found.recovered:,} words of the signs that were recovered are those of the "
            f"source; {plan.signs}."
        )
    return told


def _switched_text(plan: MigrationPlan, alias: str) -> str:
    if not alias:
        return ""
    return (
        f" Alias {alias} leads to it now, and no longer to {plan.source.index}; delete that when "
        "nothing needs it any more."
    )
