"""Engines that can be embedded: by name and version, each a pinned archive.

Each is the artifact that Elastic and OpenSearch publish for integration tests: the real server
without its optional modules. Those of Elasticsearch have security and kNN; those of OpenSearch have
neither, because both are plugins there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bench.engine.errors import UnknownEngineError

#: Names as in configs, as people write them.
TITLES: Final = {"elasticsearch": "Elasticsearch", "opensearch": "OpenSearch"}
_GROUPS = {
    "elasticsearch": "org.elasticsearch.distribution.integ-test-zip",
    "opensearch": "org.opensearch.distribution.integ-test-zip",
}


def titled(engine: str, version: str) -> str:
    """Name and version as people write them.

    >>> titled("opensearch", "3.3.2")
    'OpenSearch 3.3.2'
    """
    return f"{TITLES[engine]} {version}"


@dataclass(frozen=True)
class Distribution:
    """A server's zip archive in a Maven repository, and what its bytes must be.

    `megabytes` is the size of the archive, `java` the oldest Java that it runs on, and `lacks` what
    of `bench.engine.capabilities` it cannot do, as it answered when it was asked.
    """

    engine: str
    version: str
    sha256: str
    megabytes: int
    java: int
    lacks: frozenset[str] = frozenset()

    @property
    def group(self) -> str:
        """Maven group; the artifact is the engine's name."""
        return _GROUPS[self.engine]

    @property
    def name(self) -> str:
        """Name of the archive's top folder, ``<engine>-<version>``."""
        return f"{self.engine}-{self.version}"

    @property
    def title(self) -> str:
        """As in ``OpenSearch 3.3.2``."""
        return titled(self.engine, self.version)


_LACKS = frozenset({"disk_usage", "synthetic_source", "knn", "bit_vectors", "zstd"})

# fmt: off
#: The first is the default, and the first of a name that of the name.
CATALOG: Final = (
    Distribution("elasticsearch", "9.2.4",
        "af7b81fe31627c7523b2546351cd4e47310faa6a72c8db8dc8f7a191e871cfaf", 100, 21),
    Distribution("elasticsearch", "9.0.0",
        "66a7b3227b35b6c92aa9adf2463f03a61abed2e338ba9585402636a89df3cb88", 95, 21),
    Distribution("elasticsearch", "8.19.0",
        "14833b2d86c30656901f92049f81fb5777a8e4545413c8656cd1a21b55173033", 100, 17),
    Distribution("elasticsearch", "8.18.0",
        "6d31acf7ab3496eaa7cfbdc410095d02ed2232cd26c214c0c69e4f7b3b2958b8", 97, 17),
    Distribution("opensearch", "3.3.2",
        "1f8b62b09ed873ddc20164da79cbb1709687b19d0b6234f6b2a69ccbdd7906e7", 82, 21, _LACKS),
    Distribution("opensearch", "2.19.6",
        "71d6d8b1c637f3faecda0752b184b1cc526fc6eaad59ec1408c6327bb00b9293", 56, 11, _LACKS),
)
# fmt: on
DEFAULT: Final = CATALOG[0]


def engine_title(described: Mapping[str, object]) -> str:
    """Name and version in the description of an engine, see `bench.engine.Engine.describe`.

    >>> engine_title({"name": "opensearch", "version": "3.3.2"})
    'OpenSearch 3.3.2'
    """
    if "elasticsearch" in described:  # of a run before there were others
        return titled("elasticsearch", str(described["elasticsearch"]))
    return titled(str(described["name"]), str(described["version"]))


def find_distribution(engine: str = DEFAULT.engine, version: str | None = None) -> Distribution:
    """Find an engine that can be embedded; without a version, the first of its name.

    >>> find_distribution("opensearch").title
    'OpenSearch 3.3.2'
    >>> find_distribution("opensearch", "1.0")
    Traceback (most recent call last):
    bench.engine.errors.UnknownEngineError: opensearch 1.0 cannot be embedded. Those that can: ...
    """
    for one in CATALOG:
        if one.engine == engine and version in (None, one.version):
            return one
    wanted = engine if version is None else f"{engine} {version}"
    there = ", ".join(f"{one.engine} {one.version}" for one in CATALOG)
    raise UnknownEngineError(
        f"{wanted} cannot be embedded. Those that can: {there}. Any other of Elasticsearch 8 or 9 "
        "and OpenSearch 2 or 3 can be named by its URL, in ES_URL."
    )


if __name__ == "__main__":  # for `make test-engines`
    print("\n".join(one.name for one in CATALOG))
