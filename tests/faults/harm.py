"""Every command that talks to a cluster, recorded: none writes to an index it did not create."""

import os
import signal
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from bench.cli import cli
from bench.engine import Engine
from tests.faults.bystanders import Bystanders, names_like
from tests.faults.effects import created, effect, offences
from tests.faults.fault import Fault
from tests.faults.http_proxy import Proxy, Rule
from tests.faults.small_kinds import write_small_kind
from tests.faults.small_run import write_small_experiment
from tests.shared import reached_at

GROUP, PREFIX = "harm", "harmless"
_COST = """\
cost: {queries: 24, axis_queries: 10, clients: [2], fetch: [id], cold: 2, resamples: 100,
       indexing: {batches: 2, documents: 30}}
"""


@dataclass
class Watch:
    """A cluster that is shared with others, and all that is sent to it.

    Parameters
    ----------
    engine : Engine
        Straight to the cluster.
    proxy : Proxy
        Through which the commands see it.
    bystanders : Bystanders
        The others' indices.
    created : frozenset of str
        Indices that the last command that created or deleted any has left, and created itself.
    """

    engine: Engine
    proxy: Proxy
    bystanders: Bystanders
    created: frozenset[str] = frozenset()

    def command(
        self,
        code: int,
        what: str,
        *arguments: str | Path,
        rule: Rule | None = None,
        resumed: bool = False,
    ) -> Fault:
        """Run a command and judge every request of it."""
        self.proxy.use(*([rule] if rule else []))
        env = reached_at(self.proxy.url, self.engine)
        result = CliRunner().invoke(cli, [*map(str, arguments)], env=env)
        wrong = []
        if result.exit_code != code:
            said = " ".join(result.stderr.split())[-300:]
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                said = "".join(traceback.format_exception(result.exception))[-600:]
            wrong.append(f"exit code {result.exit_code}: {said}")
        return self.judge(what, f"exit code {code}", wrong, resumed=resumed)

    def judge(
        self, what: str, expected: str, wrong: Sequence[str] = (), *, resumed: bool = False
    ) -> Fault:
        """Judge the requests since the last time, and see whether others' indices are the same.

        Indices of earlier commands are others' too, unless this one goes on with theirs.
        """
        self.proxy.settle()
        new, ours = list(self.proxy.exchanges), self.created if resumed else frozenset()
        bad = [*wrong, *offences(new, ours)]
        bad += [f"changed: {name}" for name in self.bystanders.changed()]
        done = [effect(one.method, one.target, one.body) for one in new]
        named = sorted({name for one in done for name in (*one.writes, one.creates) if name})
        writes = sum(1 for one in done if one.writes or one.creates)
        if any(one.creates or one.deletes for one in done):
            self.created = created(new, ours)
        said = f"{len(new)} requests, {writes} of them write: {', '.join(named) or 'to nothing'}"
        return Fault(
            GROUP,
            f"{what}, beside indices of others",
            f"{expected}; writes only to indices it created, by their names; others' are the same",
            "; ".join([said, *bad[:5]]),
            not bad,
        )


def commands(engine: Engine, proxy: Proxy, folder: Path) -> Iterator[Fault]:
    """Run every command that talks to a cluster, on an engine seen through a proxy."""
    results = folder / "results"
    config = write_small_experiment(folder, PREFIX)
    taken = folder / "taken.yaml"
    text = config.read_text(encoding="utf-8")
    taken.write_text(text.replace("name: faults", "name: taken"), encoding="utf-8")
    config.write_text(text + _COST, encoding="utf-8")
    array, column = f"{PREFIX}_array", f"{PREFIX}_column"
    others = Bystanders(engine.client, names_like(PREFIX), **{f"{PREFIX}_marked": "another-run"})
    watch = Watch(engine, proxy, others)
    run = ("run", config, "--results", results)
    pause = Rule("/_bulk", 2, delay=1.0, also=lambda: os.kill(os.getpid(), signal.SIGINT))
    try:
        yield watch.command(130, "run, interrupted (Ctrl-C) in mid-bulk", *run, rule=pause)
        rest = "the rest of that run, with its section cost"
        yield watch.command(0, rest, *run, resumed=True)
        yield watch.command(0, "a run that is finished", *run)
        yield watch.command(0, "compare --analyze", "compare", array, column, "tester", "--analyze")
        plan = ("migrate", "--from", array, "--to", "tagged_column")
        yield watch.command(0, "migrate, plan alone", *plan)
        yield watch.command(0, "migrate --apply", *plan, "--apply")
        again = "migrate --apply, a second time"
        yield watch.command(0, again, *plan, "--apply", resumed=True)
        onto = (*plan, "--name", "tester", "--apply")
        yield watch.command(1, "migrate --apply into an index of others", *onto)
        for manifest in results.glob("*/manifest.json"):  # none if the run failed, which is told
            yield watch.command(0, "report", "report", manifest.parent)
            yield watch.command(0, "verify", "verify", manifest.parent)
        yield watch.command(0, "engine status", "engine", "status")
        yield from _refused(watch, taken, folder)
        dropped = text.replace(f"name: {PREFIX}", f"name: {PREFIX}_dropped")
        path = folder / "dropped.yaml"
        path.write_text(f"{dropped}index: {{keep: false}}\n", encoding="utf-8")
        command = ("run", path, "--results", folder / "dropped")
        yield watch.command(0, "run that drops each index after measuring it", *command)
        for kind, what in (("scale", ", which deletes what it has measured"), ("sweep", "")):
            path, _ = write_small_kind(folder, kind, PREFIX)
            command = ("run", path, "--results", folder / kind)
            yield watch.command(0, f"run of kind {kind}{what}", *command)
    finally:
        others.remove()


def _refused(watch: Watch, config: Path, folder: Path) -> Iterator[Fault]:
    """Runs whose names belong to others: to no run, to another run, to an alias."""
    text = config.read_text(encoding="utf-8")
    for what, name in (
        ("an index of others", "tester"),
        ("an index of another run", f"{PREFIX}_marked"),
        ("an index of the same config, run from another folder", f"{PREFIX}_array"),
        ("an alias of others", f"alias-of-{PREFIX}_arra"),
    ):
        config.write_text(text.replace(f"name: {PREFIX}_array", f"name: {name}"), encoding="utf-8")
        results = folder / f"refused-{name}"
        yield watch.command(
            1, f"run that wants the name of {what}", "run", config, "--results", results
        )
