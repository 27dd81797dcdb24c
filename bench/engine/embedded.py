"""An Elasticsearch of one's own: started when it is needed, gone when it is not."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.engine.client import connect, wait_until_healthy
from bench.engine.config import check_heap
from bench.engine.console import console, notice
from bench.engine.distribution import SERVER, server_home
from bench.engine.errors import EngineEndedError, EngineFolderError
from bench.engine.folder import claim, gone_if_interrupted, place, place_notice
from bench.engine.java import find_java, reachable_java
from bench.engine.processes import GRACE
from bench.engine.run_as import barrier, engine_account
from bench.engine.server_failure import ended_as_error
from bench.engine.server_plan import Plan
from bench.engine.state import EngineState, kill_left_over, read_state, state_file
from bench.engine.watched import WatchedServer
from datasets.cache import cache_dir


@contextmanager
def embedded_engine(
    folder: Path,
    *,
    heap: str,
    keep: bool,
    env: Mapping[str, str] = os.environ,
    start_timeout: float = 120.0,
) -> Iterator[EngineState]:
    """Run a server whose data are in `folder`; one that was kept there is used again.

    Parameters
    ----------
    keep : bool
        Whether it runs on afterwards, also after an error, so that one can look at it. Ctrl-C and
        SIGTERM stop it all the same. An engine that was kept before is never stopped here.
    """
    check_heap(heap)
    cache = cache_dir()
    placed = place(folder, cache)
    place_notice(folder, placed)
    with claim(placed):
        found = left_running(state_file(placed, cache))
        if found is not None:
            notice(f"Using the engine that was kept at {found.url} (heap {found.heap}).")
            with connect(found.url) as client:
                wait_until_healthy(client, start_timeout)
            with ended_as_error([found]):
                yield found
            return
        plan = make_plan(placed, heap, env, cache)
        if not console.is_terminal:
            notice(f"Starting Elasticsearch {plan.version}.")
        starting = console.status(f"Starting Elasticsearch {plan.version} …")
        with gone_if_interrupted(placed), starting:
            server = WatchedServer(plan)
            server.wait(start_timeout)
        run_on = False
        try:
            with ended_as_error([server.state]):
                yield server.state
            run_on = keep
        except EngineEndedError:
            raise  # there is nothing to keep
        except Exception:
            run_on = keep
            raise
        finally:
            if run_on:
                server.keep()
            else:
                server.stop()


def make_plan(
    folder: Path,
    heap: str,
    env: Mapping[str, str],
    cache: Path,
    *,
    member: str = "",
    members: str = "",
) -> Plan:
    """Find the server and a Java for it, and say how it is to be started."""
    account = engine_account()
    java_home = reachable_java(find_java(env), account, cache)
    home = server_home(cache, env=env)
    blocked = barrier(home, account)
    if blocked is not None:
        raise EngineFolderError(
            f"The server runs as an unprivileged user, who may not enter {blocked} on the way to "
            f"{home}. Make that folder searchable for others (chmod o+x), or set "
            "IMGSIG_BENCH_CACHE to another."
        )
    jar = next((home / "lib").glob("lucene-core-*.jar"))
    return Plan(
        folder=folder,
        home=home,
        java_home=java_home,
        heap=heap,
        version=SERVER.version,
        lucene=jar.stem.removeprefix("lucene-core-"),
        state_file=state_file(folder, cache),
        member=member,
        members=members,
    )


def left_running(path: Path) -> EngineState | None:
    """Return a kept engine; wait for one that is about to end, clean up after one that has."""
    deadline = time.monotonic() + GRACE + 20
    while (state := read_state(path)) is not None and state.running and _is_ending(state):
        if time.monotonic() > deadline:
            break  # the next one waits for the folder, and says so when it gets too long
        time.sleep(0.1)
    if state is None:
        return None
    if state.running:
        return state if state.kept else None
    kill_left_over(state)
    path.unlink(missing_ok=True)
    return None


def _is_ending(state: EngineState) -> bool:
    """Whether what watches over a server is to end soon: with its harness, or with its server."""
    return not state.kept or not state.server_running
