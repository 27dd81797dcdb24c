"""Work that goes on where the server of our own ends in the midst of it."""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from bench.engine.console import notice
from bench.engine.engine import Engine, open_engine
from bench.engine.errors import EngineEndedError

_T = TypeVar("_T")


def on_engine(
    work: Callable[[Engine], _T],
    folder: Path,
    *,
    env: Mapping[str, str] = os.environ,
    starting: Callable[[], AbstractContextManager[object]] = nullcontext,
    **options: Any,
) -> _T:
    """Do work on an Elasticsearch; once more where a server of our own ends meanwhile.

    The second server has the data of the first. Once, because one that ends again would end for
    ever: mostly it is the memory.
    """

    def once() -> _T:
        with ExitStack() as stack:
            with starting():
                engine = stack.enter_context(open_engine(folder, env=env, **options))
            return work(engine)

    try:
        return once()
    except EngineEndedError as error:
        notice(f"{error}\nIt is started again with the data it had, this once.")
    try:
        return once()
    except EngineEndedError as error:
        raise EngineEndedError(f"It was started again, and ended again. {error}") from error
