"""``imgsig-bench migrate``: from an index that image-match has written to any variant."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.cli.completion import complete_indices
from bench.cli.session import errors_explained, open_cluster, open_target, print_json
from bench.runs.environment import ROOT
from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import AS_JSON, QUIET, Command
from imgsig.cli.completion import starting_with

if TYPE_CHECKING:
    from rich.console import Console

    from bench.migrate import Migrated, MigrationPlan, Pace

_COUNT = click.IntRange(min=1)
_FILE = click.Path(dir_okay=False, path_type=Path)


def complete_layouts(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Ids of layouts."""
    from imgsig.layouts import LAYOUTS

    return starting_with(incomplete, list(LAYOUTS))


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
    help="Index to migrate; it is only read.",
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
@click.option("--keep", multiple=True, metavar="FIELD", help="Keep a field.")
@click.option("--drop", multiple=True, metavar="FIELD", help="Drop a field.")
@click.option(
    "--searchable", multiple=True, metavar="FIELD", help="Keep a field, mapped as it was."
)
@click.option(
    "--shards", type=click.IntRange(1, 1024), help="Of the new index.  [default: as in the source]"
)
@click.option(
    "--replicas", type=click.IntRange(min=0), help="Of the new index.  [default: as in the source]"
)
@click.option("--sample", type=_COUNT, default=200, show_default=True, help="Documents to inspect.")
@click.option("--apply", "apply_", is_flag=True, help="Migrate; without it, print the plan.")
@click.option("--batch", type=_COUNT, default=500, show_default=True, help="Documents per request.")
@click.option(
    "--docs-per-second", type=click.FloatRange(min=0, min_open=True), help="Limit of the speed."
)
@click.option("--skip-bad", is_flag=True, help="Skip documents that cannot be migrated.")
@click.option("--bad", type=_FILE, help="File that lists those.  [default: NAME.bad.jsonl]")
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
    target_es_url: str | None,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Migrate an index written by image-match to another layout, codec or words.

    The source is only read. Given an alias, what the alias shows is migrated. Signatures are
    decoded and stored again, words are computed again and compared with the stored ones. Path,
    metadata and timestamp are kept; other fields need a decision. Without --apply the plan is
    printed and nothing is written. With it, the new index is created and filled; if interrupted,
    the same command resumes. Repeated later, it copies documents added or changed since. At the
    end, all documents are compared, and a sample of them is searched for. The new index may be on
    another cluster, of another engine too: TARGET_ES_URL names it, and TARGET_ES_API_KEY,
    TARGET_ES_USER, TARGET_ES_PASSWORD, TARGET_ES_CA_CERTS and TARGET_ES_VERIFY_CERTS let in.

    Exit code: 0 if all documents were migrated, 3 if some could not be, or not yet, 1 for errors.
    """
    from bench.engine import terminated_as_exception

    with (
        terminated_as_exception(),
        errors_explained(quiet=quiet, goes_on=apply_) as console,
        open_cluster(es_url) as engine,
        open_target(target_es_url) as target,
    ):
        from bench.engine.catalog import TITLES
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
        elsewhere = f"{TITLES[target.name]} at {target.url}" if target else ""
        client = target.client if target else engine.client
        plan = plan_migration(engine.client, wanted, client if target else None, elsewhere)
        if not apply_:
            expected = expect(plan, ROOT / "results" / "reference-layouts", batch)
            if as_json:
                print_json({"plan": plan_data(plan, expected)})
            else:
                click.echo(plan_text(plan, expected))
            return
        listed = bad or Path(f"{plan.index}.bad.jsonl")
        pace = Pace(batch, docs_per_second)
        outcome = _apply(client, plan, pace, wanted.sample, skip_bad, listed, console)
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
