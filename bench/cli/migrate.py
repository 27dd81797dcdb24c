"""``imgsig-bench migrate``: from an index that image-match has written to any variant."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.cli.completion import complete_indices
from bench.cli.session import errors_explained, open_cluster, open_target, print_json
from bench.runs.environment import ROOT
from bench.runs.errors import BenchError
from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import AS_JSON, QUIET, Command
from imgsig.cli.signature import complete_layouts

if TYPE_CHECKING:
    from rich.console import Console

    from bench.engine import Engine
    from bench.migrate import Migrated, MigrationPlan, Pace

_COUNT = click.IntRange(min=1)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench migrate --from tester --to tagged_column",
        "imgsig-bench migrate --from tester --to tagged_column --apply --docs-per-second 2000",
        "imgsig-bench migrate --from tester --to integer_filtered --codec-to base62 --strip half",
        "imgsig-bench migrate --from tester --to tagged_column --apply --switch photos",
        "imgsig-bench migrate --from-file tester.jsonl.gz --to tagged_column --apply",
    ),
)
@click.option(
    "--from",
    "source",
    shell_complete=complete_indices,
    help="Index to migrate; it is only read.",
)
@click.option(
    "--from-file",
    metavar="FILE",
    help="Dump to migrate in place of an index, JSON Lines as of elasticdump, gzip or not; - for "
    "standard input.",
)
@click.option(
    "--mapping",
    type=_FILE,
    help="Mapping of the dump's index, as of elasticdump.  [default: types by dynamic mapping]",
)
@click.option(
    "--to",
    required=True,
    shell_complete=complete_layouts,
    help="Layout, FILE.yaml:VARIANT, or a variant as JSON.",
)
@click.option("--codec-to", help="Codec of the new index, id or JSON.  [default: context]")
@click.option("--strip", help="Values the new index leaves out: none, border or half.")
@click.option("--name", help="Name of the new index.  [default: SOURCE-LAYOUT]")
@click.option(
    "--prefix",
    "prefixes",
    multiple=True,
    metavar="NAME",
    help="Object that has the source's fields, '' for the top level.  [default: detected]",
)
@click.option("--codec", help="Codec of the source, id or JSON.  [default: detected]")
@click.option("--N", "N", type=_COUNT, help="Word count of the source.")
@click.option("--k", "k", type=_COUNT, help="Word length of the source.")
@click.option(
    "--words",
    type=click.Choice(["recompute", "copy"]),
    default="recompute",
    show_default=True,
    help="Compute words from the signatures, or copy the stored ones.",
)
@click.option(
    "--pixels",
    type=click.Choice(["path", "bytes", "uniform"]),
    default="path",
    show_default=True,
    help="How pictures were signed: from paths, with bytestream=True, or by imgsig.",
)
@click.option("--keep", multiple=True, metavar="FIELD", help="Keep a field, but do not index it.")
@click.option("--drop", multiple=True, metavar="FIELD", help="Drop a field.")
@click.option(
    "--searchable",
    multiple=True,
    metavar="FIELD",
    help="Keep a field, mapped as it was: the default, but an error where that cannot be.",
)
@click.option(
    "--shards", type=click.IntRange(1, 1024), help="Of the new index.  [default: as in the source]"
)
@click.option(
    "--replicas", type=click.IntRange(min=0), help="Of the new index.  [default: as in the source]"
)
@click.option("--sample", type=_COUNT, default=200, show_default=True, help="Documents to inspect.")
@click.option("--apply", "apply_", is_flag=True, help="Migrate; without it, print the plan.")
@click.option(
    "--batch",
    type=click.IntRange(1, 10_000),  # a page is one search
    default=500,
    show_default=True,
    help="Documents per request.",
)
@click.option(
    "--docs-per-second", type=click.FloatRange(min=0, min_open=True), help="Limit of the speed."
)
@click.option("--skip-bad", is_flag=True, help="Skip documents that cannot be migrated.")
@click.option(
    "--mirror",
    "mirrored",
    is_flag=True,
    help="Delete from the new index what the source no longer has, and overwrite what an "
    "application wrote to both. For the time before it reads the new one.",
)
@click.option(
    "--switch",
    metavar="ALIAS",
    help="When all is migrated and verified, let an alias of the source lead to the new index.",
)
@click.option(
    "--bad", type=_FILE, help="File for what cannot be migrated.  [default: NAME.bad.jsonl]"
)
@click.option("--es-url", help="Cluster to use; by default ES_URL, else the engine left running.")
@click.option(
    "--target-es-url",
    metavar="URL",
    help="Cluster of the new index; by default TARGET_ES_URL, else the source's.",
)
@AS_JSON
@QUIET
def migrate(
    *,
    source: str | None,
    from_file: str | None,
    mapping: Path | None,
    to: str,
    codec: str | None,
    words: str,
    apply_: bool,
    batch: int,
    docs_per_second: float | None,
    skip_bad: bool,
    mirrored: bool,
    switch: str | None,
    bad: Path | None,
    es_url: str | None,
    target_es_url: str | None,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Migrate an index written by image-match to another layout, codec or words.

    The source is only read. Given an alias, what the alias shows is migrated. Signatures are
    decoded and stored again, words are computed again and compared with the stored ones. All other
    fields keep their names and types, so that the same filters find the same documents; the plan
    says what becomes of each, and what the application must change. Without --apply the plan is
    printed and nothing is written. With it, the new index is created and filled; if interrupted,
    the same command resumes. Repeated later, it copies documents added or changed since. At the
    end, all documents are compared, and a sample of them is searched for. A dump in a file stands
    for an index of an engine too old to be read (Elasticsearch 7). The new index may be on
    another cluster, of another engine too: TARGET_ES_URL names it, and TARGET_ES_API_KEY,
    TARGET_ES_USER, TARGET_ES_PASSWORD, TARGET_ES_CA_CERTS and TARGET_ES_VERIFY_CERTS let in.

    Exit code: 0 if all documents were migrated, 3 if some could not be, or not yet, 1 for errors.
    """
    if bool(source) == bool(from_file):
        raise click.UsageError("give one of --from and --from-file")
    if mapping and not from_file:
        raise click.UsageError("--mapping goes with --from-file")
    from bench.engine import terminated_as_exception

    with (
        terminated_as_exception(),
        errors_explained(quiet=quiet, goes_on=apply_) as console,
        open_cluster(es_url) as engine,
        open_target(target_es_url) as target,
        _dump_of(from_file) as dumped,
    ):
        from bench.engine.catalog import TITLES
        from bench.migrate import Pace, Wanted, codec_config, plan_migration
        from bench.migrate.dump import read_dump
        from bench.migrate.expected import expect
        from bench.migrate.sentences import outcome_text, plan_data, plan_text, shortfalls
        from bench.migrate.switch import check_switch, switched_from

        wanted = Wanted(
            source=source or "",
            to=to,
            codec=codec_config(codec) if codec else None,
            copy_words=words == "copy",
            **options,
        )
        elsewhere = f"{TITLES[target.name]} at {target.url}" if target else ""
        client = target.client if target else engine.client
        if switch == source and (done := switched_from(engine.client, source or "")):
            _tell_switched(source or "", *done, as_json=as_json)
            return
        dump = None
        if dumped:
            dump = read_dump(
                dumped,
                client,
                shown="standard input" if from_file == "-" else "",
                mapping=mapping,
                sample=wanted.sample,
                prefixes=wanted.prefixes,
            )
        plan = plan_migration(
            engine.client,
            wanted,
            client if target else None,
            elsewhere,
            dump=dump,
            engine=_described(target or engine) if apply_ else {"name": (target or engine).name},
        )
        if switch:
            check_switch(engine.client, plan, switch, elsewhere)
        if mirrored and dump:
            raise BenchError("--mirror goes with an index (--from): nothing is deleted in a dump")
        if not apply_:
            runs = [ROOT / "results" / f"reference-{name}" for name in ("layouts", "scoring")]
            expected = expect(plan, *runs, batch=batch)
            if as_json:
                print_json({"plan": plan_data(plan, expected)})
            else:
                click.echo(plan_text(plan, expected))
            return
        listed = bad or Path(f"{plan.index}.bad.jsonl")
        pace = Pace(batch, docs_per_second)
        options = {"skip_refused": skip_bad, "mirrored": mirrored, "sample": wanted.sample}
        outcome = _apply(client, plan, pace, options, listed, console)
        missing = shortfalls(outcome, skip_refused=skip_bad)
        if switch:
            missing += _switched(client, plan, outcome, switch, missing)
        switched = switch if switch and not missing else ""
        if as_json:
            migration = plan.identity() | {"destination": plan.index}
            told = {"outcome": outcome.to_json(), "not_done": missing, "switched": switched or None}
            print_json({"migration": migration, **told})
        else:
            click.echo(outcome_text(plan, outcome, missing, switched=switched))
        sys.exit(ExitCode.NOT_REACHED if missing else ExitCode.OK)


def _tell_switched(alias: str, index: str, source: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"switched": alias, "index": index, "source": source})
        return
    click.echo(
        f"Alias {alias} leads to {index} already, which was migrated from {source}. To copy what "
        f"has changed there since, give --from {source}."
    )


@contextmanager
def _dump_of(from_file: str | None) -> Iterator[Path | None]:
    """The file of a dump, if one is given."""
    from bench.migrate.json_lines import spooled

    if from_file is None:
        yield None
        return
    with spooled(from_file) as path:
        yield path


def _described(engine: "Engine") -> dict[str, Any]:
    """Name and version of an engine, as far as it tells them."""
    from bench.engine.errors import EngineUnauthorisedError

    try:
        version = engine.describe()["version"]
    except EngineUnauthorisedError:
        version = None
    return {"name": engine.name, "version": version}


def _switched(
    client: Any, plan: "MigrationPlan", outcome: "Migrated", alias: str, missing: list[str]
) -> list[str]:
    """Switch an alias if nothing is missing; why it was not, or what came too late for it."""
    from bench.migrate.switch import switch

    if missing:
        return [f"alias {alias} was not switched: it still leads to {plan.source.index}"]
    if alias in outcome.aliases:
        return [f"alias {alias} was not switched: it would show {outcome.aliases[alias]}"]
    switch(client, plan, alias)
    time.sleep(max(0.0, plan.source.refresh_seconds))  # until a search sees what came last
    if late := plan.source.reader().count_after(outcome.done):
        return [
            f"alias {alias} leads to {plan.index} now, but {late:,} documents were added to the "
            f"source or changed just before: copy them with --from {plan.source.index}"
        ]
    return []


def _apply(
    client: Any,
    plan: "MigrationPlan",
    pace: "Pace",
    options: dict[str, Any],
    listed: Path,
    console: "Console",
) -> "Migrated":
    from bench.migrate import begin, perform, remaining
    from bench.runs.folder import write_output
    from imgsig.cli.terminal import make_progress

    progress = begin(client, plan)
    try:
        with make_progress(console) as bars:
            total = remaining(plan, progress)
            if progress.done:
                bars.console.print(f"{plan.index} exists: {total:,} documents are left to copy")
            task = bars.add_task(f"{plan.source.index} → {plan.index}", total=total)
            reading = bars.add_task("compared", total=plan.source.documents)
            return perform(
                client,
                plan,
                progress,
                pace,
                **options,
                advance=lambda done: bars.advance(task, done),
                compared=lambda done: bars.advance(reading, done),
            )
    finally:
        if progress.refused:
            rows = [{"id": id_, "reason": why} for id_, why in progress.refused.items()]
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            write_output(listed, text.encode())
            click.echo(f"{len(rows):,} documents cannot be migrated: {listed}", err=True)
