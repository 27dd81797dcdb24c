"""What users are told about an engine: notices and errors."""

from rich.console import Console

console = Console(stderr=True)


def notice(text: str) -> None:
    """Print one line, without reading markup into paths or numbers."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


class EngineError(RuntimeError):
    """Base of everything this package raises on purpose."""


class UnknownEngineError(EngineError):
    """No engine of this name and version can be embedded."""


class JavaNotFoundError(EngineError):
    """No Java runtime that the server can run on."""


class DownloadError(EngineError):
    """The server could not be fetched, or what came is not what was asked for."""


class UnsafeArchiveError(EngineError):
    """An archive whose members would land outside the folder it is unpacked into."""


class EngineFolderError(EngineError):
    """An engine's folder that cannot be used: not ours, not reachable, not writable."""


class EngineBusyError(EngineError):
    """Another process uses the engine of this folder."""


class EngineStartError(EngineError):
    """The server did not start, or did not become healthy in time."""


class EngineEndedError(EngineError):
    """A server of our own ended while it was worked with."""


class EngineDiskError(EngineError):
    """The disk of a server of our own is full."""


class EngineStopError(EngineError):
    """A process of the engine is still there after it was killed."""


class EngineUnreachableError(EngineError):
    """Nothing answers at the address, or what answers cannot be trusted."""


class EngineUnauthorisedError(EngineError):
    """The cluster answers and refuses: wrong credentials or missing privileges."""


class EngineVersionError(EngineError):
    """The server is neither Elasticsearch nor OpenSearch, or of a version that is not supported."""


class EngineUnhealthyError(EngineError):
    """The cluster answers and has shards that it cannot serve."""
