"""Every block of code in README and the guide is run, by the rules in this file.

``python``  run in the order of the document, all blocks of it together, with `SUBSTITUTES`; they
            may use a ``client`` and the bytes of a picture, ``data``.
``yaml``    read by the reader of configs; after ``<!-- file: NAME -->`` also written for the
            commands below, after ``<!-- part -->`` read as part of a small config; roles, after
            ``<!-- roles -->``, are those of the secured cluster in `tests.faults`.
``sh``      run line by line, in a folder of its own, with `SUBSTITUTES` for what takes long,
            names a place, or needs a machine of its own.

A document is typed from nothing, in order: until it exports ``ES_URL``, a run is on an engine that
takes its indices with it when it ends. (Here it is the tests' engine, and they are deleted.) Other
documents that run the same config on the same engine find it finished, as a user would.

A block of another kind, and a line that no rule knows, fail.
"""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from PIL import Image

from bench.cli import cli as bench_cli
from bench.engine.client import Client
from bench.kinds.run import plan_run
from datasets.transforms import registry as transform_registry
from imgsig import codecs
from imgsig.cli import cli as imgsig_cli
from imgsig.cli.boundary import ExitCode
from imgsig.layouts import LAYOUTS
from tests.shared import reached_at

ROOT = Path(__file__).parents[2]
MADE = {ROOT / "docs" / "reference" / "made"}
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "results" / "README.md",
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if not MADE & set(path.parents)),
]
OWN_IMAGES = ROOT / "docs" / "how-to" / "own-images.md"
PROGRAMS = {"imgsig": imgsig_cli, "imgsig-bench": bench_cli}

ROLES = "<!-- roles -->"
#: What is replaced in a line before it is run. Targets of ``make`` become their last command.
SUBSTITUTES = (
    (r"^\.venv/bin/", ""),  # the programs of this environment
    (r"/path/to/images(?=[\s\S]*natural_queries)", "{pairs}"),
    (r"/path/to/images", "{pictures}"),
    (r"\bqueries: 500\b", "queries: 20"),
    (r"\bname: mine\b", "name: mine\nevaluation: {resamples: 100}"),
    (r"https://(search|target)\.example\.org:9200", "{url}"),
    (r'Elasticsearch\("http://localhost:9200"\)', "client"),
    (r'"https://example\.org/b\.jpg"', '"b.jpg"'),
    # The tests' engine, whose password is known, stands for a target with one of its own.
    (r"^export TARGET_ES_(USER|PASSWORD)=.*", r"export TARGET_ES_\1="),
    (r"^export ES_API_KEY=.*", "export ES_API_KEY="),  # the tests' engine asks for none
    (r"^export ES_(USER|PASSWORD)=.*", r"export ES_\1={ES_\1}"),
    # The index that is migrated here has no metadata, and is on no older engine.
    (r'{"term": {"metadata\.tenant_id": 3}}', '{"exists": {"field": "path"}}'),
    (r"http://old:9200/tester\b", "made_array"),
    # Runs of the configs that come with the clone: a run of the small one is there already.
    (r"^imgsig-bench run (bench/configs/\w+\.yaml)$", "imgsig-bench run {config} --results {done}"),
    # Published benchmarks are not to be had here: parsed only.
    (r"^imgsig-bench run bench/configs/published/.*", "imgsig-bench run --help"),
    (r"--results results/cluster\b", "--results {cluster}"),
    (r"^(?P<run>imgsig-bench run (?!.*--results).*)$", r"\g<run> --results {results}"),
    # Runs of several days: parsed only.
    (r"^imgsig-bench run my\.yaml --results monday\b.*", "imgsig-bench run --help"),
    (r"^imgsig-bench pool '?monday\b.*", "imgsig-bench pool --help"),
    # An engine of one's own beside the tests', and stopping all there are: parsed only.
    (r"^(?P<command>imgsig-bench engine (start|stop)).*", r"\g<command> --help"),
    (r"\btester_(str|none)\b", "made_none"),
    (r"\b(?<!/)tester\b(?!\.yaml)", "made_array"),
)
#: Targets that CI itself runs, or that change the clone: that they are there is enough.
NAMED_ONLY = {
    "setup",
    "test",
    "test-all",
    "test-engines",
    "check",
    "site",
    "transform-sheet",
    "bench-codecs",
    "notebooks",
}
NAMED_ONLY |= {"lab", "lock", "format", "text", "verify", "bench-speed", "faults", "fuzz", "soak"}


@dataclass(frozen=True)
class Block:
    """A block of code, and the comment that stands before it."""

    language: str
    text: str
    mark: str
    line: int


def blocks(path: Path) -> Iterator[Block]:
    mark = ""
    for token in MarkdownIt().parse(path.read_text(encoding="utf-8")):
        if token.type == "html_block":
            mark = token.content.strip()
        elif token.type in ("fence", "code_block"):
            if not token.info.startswith("{"):  # a directive of the guide, not code
                yield Block(token.info.strip(), token.content, mark, token.map[0] + 1)
            mark = ""
        elif token.type == "inline":
            mark = ""


@dataclass
class Sandbox:
    """A folder that looks like the clone to a command, and what a document has defined."""

    folder: Path
    values: dict[str, str]
    client: Client | None = None
    names: dict[str, Any] = field(default_factory=dict)

    def filled(self, text: str) -> str:
        for pattern, replacement in SUBSTITUTES:
            text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
        for name, value in self.values.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def run(self, block: Block, patch: pytest.MonkeyPatch) -> None:
        if block.language == "python":
            self.names.setdefault("client", self.client)
            self.names.setdefault("data", (self.folder / "a.jpg").read_bytes())
            exec(compile(self.filled(block.text), "block", "exec"), self.names)  # noqa: S102
        elif block.mark == ROLES:
            pass  # of users of a secured cluster: `tests.faults.secured` gives them to one
        elif block.language == "yaml":
            self._load(block)
        elif block.language in ("text", "diff"):
            pass  # nothing to run: a drawing, what a program prints, or what to change in one
        elif block.language == "sh":
            for line in block.text.splitlines():
                self._command(line, patch)
        else:
            pytest.fail(f"no rule runs a block of {block.language!r}")

    def _load(self, block: Block) -> None:
        file = re.fullmatch(r"<!-- file: (\S+) -->", block.mark)
        path = self.folder / (file[1] if file else "part.yaml")
        text = self.filled(block.text)
        if block.mark == "<!-- part -->":
            text = f"name: part\nvariants: [{{name: one, codec: {{id: none}}}}]\n{text}"
        path.write_text(text)
        assert plan_run(path, self.folder).indices

    def _command(self, line: str, patch: pytest.MonkeyPatch) -> None:
        words = shlex.split(line, comments=True)
        if not words:
            return
        if words[0] == "make":
            line = resolved(words[1:])
            if not line:
                return
            words = shlex.split(line)
        typed = shlex.split(self.filled(shlex.join(words)))
        if typed[0] == "export":
            name, _, value = typed[1].partition("=")
            patch.setenv(name, value)
            if name == "ES_URL":
                self.values = self.values | {"results": self.values["cluster"]}
            return
        if typed == ["eval", "$(imgsig-bench engine start --export)"]:
            for name in ("ES_URL", "ES_USER", "ES_PASSWORD"):
                patch.setenv(name, self.values[name])
            return
        if typed[:2] == ["pip", "install"]:
            known = metadata("imgsig").get_all("Provides-Extra", [])
            wanted = re.fullmatch(r"(?:\.|imgsig)\[([\w,]+)\]", typed[2])
            assert wanted, line
            assert set(wanted[1].split(",")) <= set(known), f"{line!r}: there are {known}"
            return
        if typed[0] == "elasticdump":
            self._dump(dict(word[2:].split("=", 1) for word in typed[1:]))
            return
        assert typed[0] in PROGRAMS, f"no rule runs {line!r}"
        before = self._indices()
        result = CliRunner().invoke(PROGRAMS[typed[0]], typed[1:])
        runs = typed[1:2] == ["run"] and "--help" not in typed
        if runs and self.values["results"] != self.values["cluster"]:
            planned = {
                planned.index for planned in plan_run(self.folder / typed[2], self.folder).indices
            }
            for index in planned & self._indices() - before:
                self.client.indices.delete(index=index)
        assert result.exit_code == ExitCode.OK, f"{typed}: {result.output}"
        if "--json" in typed:
            assert result.stdout.startswith(("{", "["))

    def _dump(self, asked: dict[str, str]) -> None:
        """What elasticdump writes of an index of the tests' engine."""
        index = asked["input"]
        if asked["type"] == "mapping":
            rows = [self.client.indices.get_mapping(index=index).body]
        else:
            rows = self.client.search(index=index, size=10_000)["hits"]["hits"]
        (self.folder / asked["output"]).write_text("".join(f"{json.dumps(row)}\n" for row in rows))

    def _indices(self) -> set[str]:
        return set() if self.client is None else set(self.client.indices.get(index="*"))


def resolved(arguments: list[str]) -> str:
    """The last command of a target, or nothing where its being there is enough."""
    command = ["make", "--dry-run", "--no-print-directory", *arguments]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    last = made.stdout.strip().splitlines()[-1]
    return "" if arguments[0] in NAMED_ONLY else last


@pytest.fixture(scope="module")
def sandbox_of(finished, engine, tmp_path_factory):
    """Makes a sandbox; all share results folders, so that a config runs once on each engine."""
    shared = tmp_path_factory.mktemp("shared")
    pictures = shared / "pictures"
    pictures.mkdir()
    rng = np.random.default_rng(0)
    for number in range(14):
        coarse = Image.fromarray(rng.integers(0, 256, (6, 8), dtype=np.uint8))
        coarse.resize((320, 240), Image.Resampling.BICUBIC).save(pictures / f"{number}.jpg")
    pairs = shared / "pairs"
    shutil.copytree(pictures, pairs)
    (pairs / "pairs.csv").write_text("query,match\n0.jpg,1.jpg\n2.jpg,3.jpg\n")
    values = {
        "pictures": str(pictures),
        "pairs": str(pairs),
        "url": engine.url,
        **reached_at(engine.url, engine),
        "config": str(finished.config),
        "done": str(finished.folder.path.parent),
        "results": str(shared / "results"),
        "cluster": str(shared / "cluster"),
    }
    (own,) = (block for block in blocks(OWN_IMAGES) if block.mark == "<!-- file: my.yaml -->")

    def make(folder: Path) -> Sandbox:
        for number, name in enumerate(("a", "b", "c", "photo", "picture", "query")):
            shutil.copy(pictures / f"{number}.jpg", folder / f"{name}.jpg")
        (folder / "bench").symlink_to(ROOT / "bench")
        (folder / "results").mkdir()
        for name in ("reference", "reference-pictures"):
            shutil.copytree(finished.folder.path, folder / "results" / name)
        sandbox = Sandbox(folder, values, engine.client)
        # What documents that write none of their own name: that of the how-to they link to.
        (folder / "my.yaml").write_text(sandbox.filled(own.text))
        return sandbox

    yield make
    remove(engine.client, "mine_*")


def remove(client: Client, *patterns: str) -> None:
    for index in client.indices.get(index=",".join(patterns)):
        client.indices.delete(index=index)


@pytest.fixture
def untouched_registries() -> Iterator[None]:
    """What a document registers is gone after it."""
    registries = (codecs._REGISTRY, transform_registry._REGISTRY, LAYOUTS)
    before = [dict(registry) for registry in registries]
    yield
    for registry, known in zip(registries, before, strict=True):
        registry.clear()
        registry.update(known)


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_block_runs(path, sandbox_of, tmp_path, monkeypatch, engine, untouched_registries):
    sandbox = sandbox_of(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ES_URL", engine.url)
    switched = "--switch photos" in path.read_text(encoding="utf-8")
    if switched:
        engine.client.indices.put_alias(index="made_array", name="photos")
    try:
        for block in blocks(path):
            try:
                sandbox.run(block, monkeypatch)
            except (Exception, pytest.fail.Exception) as error:
                raise AssertionError(f"{path.name}, line {block.line}: {error}") from error
    finally:
        if switched:
            engine.client.indices.delete_alias(index="made_array*", name="photos")
        remove(engine.client, "made_array-*", "catalogue*", "images*", "photos*")


def test_what_no_rule_covers_fails(tmp_path, monkeypatch):
    sandbox = Sandbox(tmp_path, {})
    with pytest.raises(pytest.fail.Exception, match="no rule"):
        sandbox.run(Block("ruby", "puts 1", "", 1), monkeypatch)
    with pytest.raises(AssertionError, match="no rule"):
        sandbox.run(Block("sh", "rm -r results", "", 1), monkeypatch)
    with pytest.raises(subprocess.CalledProcessError):
        sandbox.run(Block("sh", "make no-such-target", "", 1), monkeypatch)


def test_every_variable_of_the_environment_is_in_a_document():
    sources = [path for package in ("bench", "datasets") for path in (ROOT / package).rglob("*.py")]
    named = {
        name for path in sources for name in re.findall(r"IMGSIG_BENCH_[A-Z_]+", path.read_text())
    }
    text = "".join(path.read_text() for path in DOCUMENTS)
    assert {"IMGSIG_BENCH_CACHE", "IMGSIG_BENCH_MAVEN"} <= named
    assert {name for name in named if name not in text} == set()
