"""Index sizes that users of image-match published, to compare with ours."""

from dataclasses import dataclass

#: Where the figures come from.
SOURCE = 'GitHub issue "Signature Compression" of image-match'


@dataclass(frozen=True)
class PublishedSize:
    """A published index size; `what` names the index in this project's words."""

    what: str
    documents: int
    store_bytes: float

    @property
    def bytes_per_document(self) -> float:
        """Size over documents; at a hundred documents, mostly the overhead of an empty index."""
        return self.store_bytes / self.documents


#: Elasticsearch prints sizes in powers of 1024: its "gb" is 1,073,741,824 bytes.
MB, GB = 1024**2, 1024**3

#: In the order of the source, which gives the first three in bytes and the others as printed.
PUBLISHED = (
    PublishedSize("tester: integer array", 100, 905_047),
    PublishedSize("tester_str: base-62 text", 100, 702_295),
    PublishedSize("tester_none: not stored", 100, 647_291),
    PublishedSize("integer array", 200_000, 710.4 * MB),
    PublishedSize("with signature", 7_488_880, 31.2 * GB),
    PublishedSize("without signature", 8_316_821, 11.9 * GB),
)
