"""Workers of a Dask cluster, which read the files themselves."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from imgsig.errors import ConfigError
from imgsig.sign_many.sign_file import Settings, SignedFile, sign_file

if TYPE_CHECKING:
    from distributed import Client, Future

#: Files in hand for each thread of the cluster.
AHEAD = 8


def sign_on_cluster(
    paths: Iterator[str], settings: Settings, scheduler: str
) -> Iterator[SignedFile]:
    """Sign files on a Dask cluster, which is connected to at once.

    Records come in the order of the paths, which are taken as the workers become free: files as the
    workers find them, on storage they share. The limit of memory is the cluster's own, set on its
    workers; a worker that overdoes it is restarted, and the file tried elsewhere. `ConfigError` if
    Dask is not installed, the address (``tcp://host:8786``) is no cluster's, or it has no workers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ConfigError(
            f"the cluster {scheduler} needs Dask: pip install 'imgsig[dask]'"
        ) from error
    try:
        client = Client(scheduler, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConfigError(f"there is no Dask scheduler at {scheduler}: {error}") from error
    threads = sum(client.nthreads().values())
    if not threads:
        client.close()
        raise ConfigError(f"the cluster {scheduler} has no workers; start some, then try again")
    return _sign(paths, settings, client, AHEAD * threads)


def _sign(
    paths: Iterator[str], settings: Settings, client: "Client", window: int
) -> Iterator[SignedFile]:
    waiting: deque[tuple[str, Future[SignedFile]]] = deque()
    with client:
        try:
            for path in paths:
                # Not pure: the same path may be another file by now.
                waiting.append((path, client.submit(sign_file, path, settings, pure=False)))
                if len(waiting) >= window:
                    yield _record(client, *waiting.popleft(), settings)
            while waiting:
                yield _record(client, *waiting.popleft(), settings)
        finally:
            client.cancel([future for _, future in waiting])


def _record(
    client: "Client", path: str, future: "Future[SignedFile]", settings: Settings
) -> SignedFile:
    from distributed import KilledWorker
    from distributed import TimeoutError as WaitError

    # The first in order: those before it are done, so it is being signed or about to be.
    try:
        signed: SignedFile = future.result(timeout=settings.seconds)
    except KilledWorker as error:
        return SignedFile(path, "worker died", reason=str(error))
    except (WaitError, TimeoutError):
        _give_up(client, future)
        reason = f"it took more than {settings.seconds:g} seconds"
        return SignedFile(path, "timed out", reason=reason)
    return signed


def _give_up(client: "Client", future: "Future[SignedFile]") -> None:
    """Forget a file; the worker that is stuck on it is restarted, its other files go elsewhere."""
    running: dict[str, Any] = client.processing()
    stuck = [worker for worker, keys in running.items() if future.key in keys]
    client.cancel([future], force=True)
    if stuck:
        client.restart_workers(stuck, timeout=30, raise_for_error=False)
