"""The groups of faults, by name, in the order in which they are injected."""

from collections.abc import Callable, Iterator

from tests.faults.again import again_faults
from tests.faults.bad_images import bad_image_faults
from tests.faults.disk import disk_faults
from tests.faults.elasticsearch import elasticsearch_faults
from tests.faults.fault import Fault
from tests.faults.harm import harm_faults
from tests.faults.killed import killed_faults
from tests.faults.security import security_faults
from tests.faults.setting import Setting

GROUPS: dict[str, Callable[[Setting], Iterator[Fault]]] = {
    "killed": killed_faults,
    "disk": disk_faults,
    "again": again_faults,
    "elasticsearch": elasticsearch_faults,
    "harm": harm_faults,
    "images": bad_image_faults,
    "security": security_faults,
}
