"""One run is measured on one engine: figures of two are not mixed under the name of the last.

A run that was interrupted may be started again with another ES_URL, without one, or after somebody
has upgraded the cluster. Indices that were measured before stay measured, so that is refused.
"""

from collections.abc import Mapping
from pathlib import Path

from bench.engine import Engine
from bench.engine.catalog import engine_title
from bench.engine.external import external_engine
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder, read_json, write_json

#: Of `bench.engine.Engine.describe`: what bytes may depend on, and where the indices are.
_IDENTITY = ("kind", "name", "version", "build_hash", "lucene", "cluster_uuid")


def check_same_engine(engine: Engine, folder: RunFolder, place: Path | None = None) -> None:
    """Write down which engine a run begins on, or see that it is still that one.

    An embedded engine is started anew whenever a run goes on: its port, its Java and, where its
    folder was lost, its cluster's UUID may be others, and it is the same as long as its version is.
    A run that works on several engines has a `place` for each.
    """
    path, now = (place or folder.work) / "begun_on.json", _identity(engine)
    if not path.is_file():
        write_json(path, now)
        return
    begun = read_json(path)
    # What only one of the two says is no difference: a cluster may be too busy to say its Lucene.
    if any(begun[key] != now[key] for key in begun.keys() & now.keys()):
        raise RunError(
            f"the run in {folder.path} began on {_sentence(begun)}, and this is {_sentence(now)}: "
            "its figures would be of two engines. Go on with the one it began on (ES_URL names a "
            f"cluster; unset, it is the embedded one), or delete {folder.path} and the indices "
            "that the run left on a cluster, and start again"
        )


def check_measured_on(
    folder: RunFolder, measured_on: Mapping[str, object], env: Mapping[str, str]
) -> None:
    """See that a finished run was measured on the engine that the environment names."""
    then, url = {key: measured_on.get(key) for key in _IDENTITY}, env.get("ES_URL")
    asked, same = "the embedded engine (ES_URL is not set)", then["kind"] == "embedded"
    if url:
        asked, same = "the cluster that ES_URL names", False
        if then["kind"] == "external":
            with external_engine(env) as (address, client):
                now = _identity(Engine("external", address, client))
            same = all(now[key] == then[key] for key in now if then[key] is not None)
            asked = _sentence(now)
    if not same:
        raise RunError(
            f"the run in {folder.path} is finished and was measured on {_sentence(then)}. To "
            f"measure on {asked}, name another folder with --results, or delete {folder.path}; "
            f"`imgsig-bench report {folder.path}` shows what was measured"
        )


def _identity(engine: Engine) -> dict[str, object]:
    described = engine.describe()
    if described["kind"] == "embedded":
        del described["cluster_uuid"]
    return {key: described[key] for key in _IDENTITY if described.get(key) is not None}


def _sentence(identity: Mapping[str, object]) -> str:
    """As in ``external Elasticsearch 8.18.8 (build 1a2b3c4d, cluster uuid x)``."""
    details = [f"build {identity['build_hash']}"]
    if identity.get("lucene"):
        details.append(f"Lucene {identity['lucene']}")
    if identity.get("cluster_uuid") and identity["kind"] == "external":
        details.append(f"cluster {identity['cluster_uuid']}")
    return f"{identity['kind']} {engine_title(identity)} ({', '.join(details)})"
