"""The groups of faults, by name, in the order in which they are injected."""

from collections.abc import Callable, Iterator

from bench.faults.again import again_faults
from bench.faults.bad_images import bad_image_faults
from bench.faults.disk import disk_faults
from bench.faults.elasticsearch import elasticsearch_faults
from bench.faults.fault import Fault
from bench.faults.harm import harm_faults
from bench.faults.killed import killed_faults
from bench.faults.security import security_faults
from bench.faults.setting import Setting

GROUPS: dict[str, Callable[[Setting], Iterator[Fault]]] = {
    "killed": killed_faults,
    "disk": disk_faults,
    "again": again_faults,
    "elasticsearch": elasticsearch_faults,
    "harm": harm_faults,
    "images": bad_image_faults,
    "security": security_faults,
}
