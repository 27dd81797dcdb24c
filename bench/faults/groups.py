"""The groups of faults, by name, in the order in which they are injected."""

from collections.abc import Callable, Iterator

from bench.faults.bad_images import bad_image_faults
from bench.faults.fault import Fault
from bench.faults.setting import Setting

GROUPS: dict[str, Callable[[Setting], Iterator[Fault]]] = {
    "images": bad_image_faults,
}
