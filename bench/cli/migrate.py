"""``imgsig-bench migrate``: from an index that image-match has written to any variant."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from bench.cli.completion import complete_indices
from bench.cli.session import errors_explained, open_cluster, print_json
from bench.runs.environment import ROOT
from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import AS_JSON, QUIET, Command
from imgsig.cli.completion import starting_with

if TYPE_CHECKING:
    from rich.console import Console

    from bench.migrate import Migrated, MigrationPlan, Pace

_COUNT = click.IntRange(min=1)
_FILE = click.Path(dir_okay=False, path_type=Path)


def complete_layouts(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Ids of layouts."""
    from imgsig.layouts import LAYOUTS

    return [CompletionItem(name) for name in starting_with(incomplete, list(LAYOUTS))]


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench migrate --from tester --to tagged_column",
        "imgsig-bench migrate --from tester --to tagged_column --apply --docs-per-second 2000",
        "imgsig-bench migrate --from tester --to integer_filtered --codec-to base62 --strip half",
        "imgsig-bench migrate --from tester --to my.yaml:small --searchable metadata",
    ),
)
@click.option(
    "--from",
    "source",
    required=True,
    shell_complete=complete_indices,
    help="Index to migrate from; it is only read.",
)
@click.option(
    "--to",
    required=True,
    shell_complete=complete_layouts,
    help="Layout, FILE.yaml:VARIANT, or a variant as JSON.",
)
@click.option("--codec-to", help="Codec of the new index: id or JSON.  [default: context]")
@click.option("--strip", help="Which values the new index keeps: none, border or half.")
@click.option("--name", help="Name of the new index.  [default: SOURCE-LAYOUT]")
@click.option(
    "--prefix",
    "prefixes",
    multiple=True,
    metavar="NAME",
    help="Field that the source's fields stand below, '' for none.  [default: found out]",
)
@click.option("--codec", help="Codec of the source, id or JSON, instead of finding it out.")
@click.option("--N", "N", type=_COUNT, help="Word count of the source.")
@click.option("--k", "k", type=_COUNT, help="Word length of the source.")
@click.option(
    "--words",
    type=click.Choice(["recompute", "copy"]),
    default="recompute",
    show_default=True,
    help="Compute words from the signatures, or take them as they are stored.",
)
@click.option("--keep", multiple=True, metavar="FIELD", help="Pass a field on.")
@click.option("--drop", multiple=True, metavar="FIELD", help="Leave a field out.")
@click.option("--searchable", multiple=True, metavar="FIELD", help="Pass on, mapped as it was.")
@click.option(
    "--shards", type=click.IntRange(1, 1024), help="Of the new index.  [default: the source's]"
)
@click.option("--replicas", type=click.IntRange(min=0), help="As --shards.")
@click.option("--sample", type=_COUNT, default=200, show_default=True, help="Documents to try.")
@click.option("--apply", "apply_", is_flag=True, help="Do it; without, the plan is printed.")
@click.option("--batch", type=_COUNT, default=500, show_default=True, help="Documents at a time.")
@click.option("--docs-per-second", type=click.FloatRange(min=0, min_open=True), help="At most.")
@click.option("--skip-bad", is_flag=True, help="Accept documents that cannot be migrated.")
@click.option("--bad", type=_FILE, help="File they are listed in.  [default: NAME.bad.jsonl]")
@click.option("--es-url", help="The cluster; else ES_URL, else the engine that was kept.")
@AS_JSON
@QUIET
def migrate(
    *,
    source: str,
    to: str,
    codec: str | None,
    words: str,
    apply_: bool,
    batch: int,
    docs_per_second: float | None,
    skip_bad: bool,
    bad: Path | None,
    es_url: str | None,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Migrate an index that image-match has written to another layout, codec or words.

    The source is only read. By an alias of it, what that shows is migrated. Its signatures are
    decoded and stored anew, its words computed anew and compared with those stored. Path, metadata
    and timestamp are kept; other fields must be decided about. Without --apply the plan is printed
    and nothing is written. With it, the new index is created and filled; where that is interrupted,
    the same command goes on. It does the same again for documents that were added or changed since.
    At the end, all documents of both are compared, and sampled ones searched for.

    Exit code: 0 if all is as planned, 3 if documents are missing that could not, or not yet, be
    migrated, 1 for errors.
    """
    from bench.engine import terminated_as_exception

    with (
        terminated_as_exception(),
        errors_explained(quiet=quiet, goes_on=apply_) as console,
        open_cluster(es_url) as engine,
    ):
        from bench.migrate import Pace, Wanted, codec_config, plan_migration
        from bench.migrate.migration import expect
        from bench.migrate.sentences import outcome_text, plan_data, plan_text, shortfalls

        wanted = Wanted(
            source=source,
            to=to,
            codec=codec_config(codec) if codec else None,
            copy_words=words == "copy",
            **options,
        )
        plan = plan_migration(engine.client, wanted)
        if not apply_:
            expected = expect(engine.client, plan, ROOT / "results" / "reference-layouts", batch)
            if as_json:
                print_json({"plan": plan_data(plan, expected)})
            else:
                click.echo(plan_text(plan, expected))
            return
        listed = bad or Path(f"{plan.index}.bad.jsonl")
        pace = Pace(batch, docs_per_second)
        outcome = _apply(engine.client, plan, pace, wanted.sample, skip_bad, listed, console)
        missing = shortfalls(outcome, skip_refused=skip_bad)
        if as_json:
            migration = plan.identity() | {"destination": plan.index}
            print_json({"migration": migration, "outcome": outcome.to_json(), "not_done": missing})
        else:
            click.echo(outcome_text(plan, outcome, skip_refused=skip_bad))
        sys.exit(ExitCode.NOT_REACHED if missing else ExitCode.OK)


def _apply(
    client: Any,
    plan: "MigrationPlan",
    pace: "Pace",
    sample: int,
    skip_bad: bool,
    listed: Path,
    console: "Console",
) -> "Migrated":
    from bench.migrate import begin, perform, remaining
    from bench.runs.folder import write_output
    from imgsig.cli.terminal import make_progress

    progress = begin(client, plan)
    try:
        with make_progress(console) as bars:
            total = remaining(client, plan, progress)
            if progress.done:
                bars.console.print(f"{plan.index} is there: {total:,} documents are left to copy")
            task = bars.add_task(f"{plan.source.index} → {plan.index}", total=total)
            reading = bars.add_task("compared", total=plan.source.documents)
            return perform(
                client,
                plan,
                progress,
                pace,
                skip_refused=skip_bad,
                sample=sample,
                advance=lambda done: bars.advance(task, done),
                compared=lambda done: bars.advance(reading, done),
            )
    finally:
        if progress.refused:
            rows = [{"id": id_, "reason": why} for id_, why in progress.refused.items()]
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            write_output(listed, text.encode())
            click.echo(f"{len(rows):,} documents cannot be migrated: {listed}", err=True)
