"""A run is measured on one engine."""

from dataclasses import replace

import pytest

from bench.engine.identity import check_same_engine
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder, read_json, write_json
from tests.shared import DISTRIBUTION

pytestmark = pytest.mark.engine

#: Values that another engine gives.
OTHERS = {
    "name": "opensearch" if DISTRIBUTION.engine == "elasticsearch" else "elasticsearch",
    "version": "8.17.0",
    "build_hash": "0ddba11",
    "lucene": "9.11.0",
    "cluster_uuid": "somebody-elses",
}


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    return RunFolder(tmp_path)


def test_the_same_engine_may_be_somewhere_else(engine, folder):
    check_same_engine(engine, folder)
    begun = read_json(folder.work / "begun_on.json")
    described = engine.describe()
    assert begun == {
        key: described[key] for key in ("kind", "name", "version", "build_hash", "lucene")
    }
    check_same_engine(replace(engine, url="http://127.0.0.1:1"), folder)  # started anew
    write_json(folder.work / "begun_on.json", begun | {"cluster_uuid": "of lost data"})
    check_same_engine(engine, folder)


@pytest.mark.parametrize("key", OTHERS)
def test_another_cluster_is_refused(engine, folder, key):
    external = replace(engine, kind="external")
    check_same_engine(external, folder)
    check_same_engine(external, folder)
    path = folder.work / "begun_on.json"
    write_json(path, read_json(path) | {key: OTHERS[key]})
    before = path.read_bytes()
    with pytest.raises(RunError) as caught:
        check_same_engine(external, folder)
    now = engine.describe()[key]
    began, this = str(caught.value).lower().split("and this is")
    assert OTHERS[key] in began
    assert str(now).lower() in this
    assert f"delete {folder.path}".lower() in this
    assert path.read_bytes() == before


def test_a_cluster_of_the_same_version_is_not_the_embedded_engine(engine, folder):
    check_same_engine(engine, folder)
    with pytest.raises(RunError, match=r"began on embedded .* and this is external .*ES_URL"):
        check_same_engine(replace(engine, kind="external"), folder)


def test_what_is_not_said_is_no_difference(engine, folder):
    check_same_engine(engine, folder)
    path = folder.work / "begun_on.json"
    begun = read_json(path)
    del begun["lucene"]
    write_json(path, begun)
    check_same_engine(engine, folder)


def test_a_run_of_several_engines_has_a_place_for_each(engine, folder):
    of_one, of_other = folder.work / "one", folder.work / "other"
    check_same_engine(engine, folder, of_one)
    check_same_engine(replace(engine, kind="external"), folder, of_other)
    with pytest.raises(RunError, match="began on embedded"):
        check_same_engine(replace(engine, kind="external"), folder, of_one)
