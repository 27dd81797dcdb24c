"""Nobody is let in, and nothing gets out."""

from collections.abc import Callable, Iterator

from tests.faults.fault import Fault
from tests.faults.hostile_files import archive_faults, certificate_faults, config_faults
from tests.faults.reach import reach_faults
from tests.faults.secrets import secret_faults
from tests.faults.setting import Setting

PARTS: tuple[Callable[[Setting], Iterator[Fault]], ...] = (
    archive_faults,
    config_faults,
    certificate_faults,
    reach_faults,
    secret_faults,
)


def security_faults(setting: Setting) -> Iterator[Fault]:
    """Look at sockets, files, output, pages, certificates and archives."""
    for part in PARTS:
        setting.advance(part.__name__.removesuffix("_faults"))
        yield from part(setting.within(part.__name__))
