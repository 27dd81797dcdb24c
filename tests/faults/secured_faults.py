"""What users of a secured cluster can do there, and what those are told who may not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import trustme

from bench.engine import Engine
from imgsig import get_words
from imgsig.codecs import get_codec
from tests.faults.fault import Fault
from tests.faults.secured import PASSWORD, Secured
from tests.faults.small_run import run_bench_here, write_small_experiment
from tests.shared import bulk

#: An index as image-match writes it; the how-to's roles name it.
IMAGES = "images"


@dataclass(frozen=True)
class Attempt:
    """A command of a user; `said` is a regular expression of the message, "" where it works."""

    user: str
    command: tuple[str | Path, ...]
    said: str
    password: str = PASSWORD
    ca_certs: Path | None = None
    what: str = ""


def fill_images(engine: Engine | Secured, documents: int = 60) -> None:
    """Write an index as image-match does: no mapping but what Elasticsearch derives."""
    rng, encode = np.random.default_rng(5), get_codec({"id": "int_array"}).encode
    actions = []
    for number, signature in enumerate(rng.integers(-2, 3, (documents, 648), dtype=np.int8)):
        words = get_words(signature, k=16, N=63).tolist()
        actions.append(
            {
                "_id": f"d{number}",
                "path": f"https://example.org/{number}.jpg",
                "signature": encode(signature),
                "timestamp": "2016-03-04T12:34:56",
                **{f"simple_word_{i}": word for i, word in enumerate(words)},
            }
        )
    bulk(engine.client, actions, index=IMAGES, refresh=True)


def attempts(folder: Path) -> Iterator[Attempt]:
    """Runs, comparisons and migrations; those that work come first."""
    ours, theirs = (
        write_small_experiment(folder / prefix, prefix) for prefix in ("mine", "refused")
    )
    run = ("run", theirs, "--results")
    compare, migrate = ("compare", "mine_array", "mine_column"), ("migrate", "--from", IMAGES)
    migrate = (*migrate, "--to", "tagged_column", "--name", "images-new")
    lacks, asks = "lacks the privilege '{}' on {} ", ".*Ask for it: a run needs.*own-cluster.md"
    yield Attempt("bench_run", ("run", ours, "--results", folder / "results"), "")
    yield Attempt("bench_compare", compare, "")
    yield Attempt("bench_compare", (*compare, "--page", folder / "page.html"), "")
    yield Attempt("bench_analyze", (*compare, "--analyze"), "")
    yield Attempt("bench_migrate", migrate, "")
    yield Attempt("bench_migrate", (*migrate, "--apply"), "")
    yield Attempt("little_monitor", (*run, folder / "little"), "")
    for user, what, privilege, where in (
        ("no_create", "create an index", "create_index", "index refused_no_create_array"),
        ("no_write", "write", "write", "the index"),
        ("no_read", "read", "read", "index refused_no_read_array"),
        ("no_monitor", "look at the cluster", "monitor", "the cluster"),
        ("nothing", "do anything", "monitor", "the cluster"),
    ):
        said = lacks.format(privilege, where) + asks
        config = write_small_experiment(folder / user, f"refused_{user}")
        command = ("run", config, "--results", folder / user)
        yield Attempt(user, command, said, what=f"a role that may not {what}")
    yield Attempt("one_index", ("compare", "refused_array"), "")
    yield Attempt(
        "one_index",
        ("compare", "refused_array", "mine_array"),
        lacks.format("view_index_metadata", "index mine_array") + asks,
        what="a role that may read another index only",
    )
    yield Attempt(
        "bench_compare",
        (*compare, "--analyze"),
        lacks.format("manage", "index mine_array") + asks,
        what="a role without 'manage'",
    )
    yield Attempt(
        "bench_compare",
        (*migrate[:-1], "mine_new", "--apply"),
        lacks.format("create_index", "index mine_new") + asks,
        what="a role that only reads",
    )
    for command in (compare, (*run, folder / "wrong")):
        yield Attempt(
            "bench_run",
            command,
            "answers 401: it does not know these credentials. Check ES_API_KEY, or ES_USER",
            password="wrong-pass-11c0",  # noqa: S106
            what="a wrong password",
        )
    unknown = folder / "unknown.pem"
    trustme.CA().cert_pem.write_to_path(str(unknown))
    yield Attempt(
        "bench_run",
        compare,
        "certificate of https.* is not trusted.*Set ES_CA_CERTS to the PEM file",
        ca_certs=unknown,
        what="a certificate of an authority that is not that of ES_CA_CERTS",
    )


def secured_faults(secured: Secured, folder: Path) -> Iterator[Fault]:
    """Make the attempts, and see what each is told."""
    fill_images(secured)
    for one in attempts(folder):
        env = secured.env(one.user, one.password)
        if one.ca_certs:
            env["ES_CA_CERTS"] = str(one.ca_certs)
        done = run_bench_here(*one.command, env=env)
        words = (word for word in map(str, one.command) if not word.startswith("/"))
        ok = done.code == (1 if one.said else 0) and "Traceback" not in done.output
        ok = ok and one.password not in done.output
        if one.said:
            ok = ok and re.search(one.said, done.message, re.DOTALL) is not None
        yield Fault(
            "security",
            f"a secured cluster: {one.what or f'the role {one.user}'}: {' '.join(words)}",
            "one clear sentence, exit 1, no secret" if one.said else "it works",
            f"exit {done.code}: {done.message}" if one.said or done.code else "it does",
            ok,
        )
