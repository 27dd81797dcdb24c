"""What a server is told, and what its output says."""

import dataclasses
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bench.engine.errors import EngineError, EngineFolderError
from bench.engine.server import (
    Plan,
    bound_url,
    check_heap,
    jvm_options,
    prepare,
    settings,
    write_config,
)
from tests.bench.engine.plans import made_plan

TRANSPORT = "[o.e.t.TransportService   ] [n] publish_address {127.0.0.1:37895}, bound_addresses {}"


HTTP = "[o.e.h.AbstractHttpServerTransport] [n] publish_address {127.0.0.1:33059}, bound_addresses"


def test_the_port_is_read_from_the_line_of_http(tmp_path: Path) -> None:
    console = tmp_path / "console.log"
    console.write_text(f"[2026][INFO ]{TRANSPORT}\n")
    assert bound_url(tmp_path) is None
    console.write_text(f"[2026][INFO ]{TRANSPORT}\n[2026][INFO ]{HTTP}\n")
    assert bound_url(tmp_path) == "http://127.0.0.1:33059"


def test_security_is_on_where_the_distribution_has_it() -> None:
    assert settings(made_plan(Path("/x")))["xpack.security.enabled"] is True
    made = settings(made_plan(Path("/x"), engine="opensearch"))
    assert not any(name.startswith("xpack.") for name in made)


def test_data_of_another_engine_are_refused(open_folder: Path, small_home: Path) -> None:
    prepare(made_plan(open_folder, small_home))
    prepare(made_plan(open_folder, small_home))
    with pytest.raises(EngineFolderError, match=r"are of Elasticsearch 9\.2\.4, and this is Open"):
        prepare(made_plan(open_folder, small_home, "opensearch"))
    (open_folder / "engine.txt").unlink()
    with pytest.raises(EngineFolderError, match="are of an earlier version of this program"):
        prepare(made_plan(open_folder, small_home))


paths = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1).map(
    lambda name: Path("/") / name
)


@given(folder=paths, home=paths)
def test_one_line_there_and_back(folder: Path, home: Path) -> None:
    plan = made_plan(folder, home)
    line = plan.to_line()
    assert "\n" not in line
    assert Plan.from_line(line) == plan


@pytest.mark.parametrize("heap", ["", "0g", "1", "1t", "-1g", "1.5g", "1g\n", "1g -Dx=y"])
def test_heaps_that_are_none(heap: str) -> None:
    with pytest.raises(EngineError, match="for example '1g'"):
        check_heap(heap)


@given(st.integers(1, 10**6), st.sampled_from("mMgG"))
def test_heaps(count: int, unit: str) -> None:
    assert check_heap(f"{count}{unit}") == f"{count}{unit}"


def test_only_the_lines_that_cannot_work_are_dropped(small_home: Path) -> None:
    assert jvm_options((small_home / "config" / "jvm.options").read_text()) == "-XX:+UseG1GC\n"


def test_binds_to_loopback_on_free_ports() -> None:
    made = settings(made_plan(Path("/x")))
    assert made["http.host"] == made["transport.host"] == "127.0.0.1"
    assert made["http.port"] == made["transport.port"] == 0
    assert not any(name.startswith("network.") for name in made)


def test_the_written_file_says_the_same_whatever_the_folder_is_called(
    tmp_path: Path, small_home: Path
) -> None:
    folder = tmp_path / "a: b # 'c' \"d\" é"
    folder.mkdir()
    (folder / "config").mkdir()
    (folder / "config" / "stale.yml").touch()
    plan = dataclasses.replace(made_plan(folder, small_home), java_options="-Da=1 -Db=2")
    write_config(plan)
    read = YAML(typ="safe").load(folder / "config" / "elasticsearch.yml")
    assert read == settings(plan)
    assert not (folder / "config" / "stale.yml").exists()
    own = folder / "config" / "jvm.options.d" / "own.options"
    assert own.read_text().startswith("-Xms1g\n-Xmx1g\n-XX:-UsePerfData\n")
    assert own.read_text().endswith("\n-Da=1\n-Db=2\n")
    assert stat.S_ISDIR((folder / "config" / "jvm.options.d").stat().st_mode)
