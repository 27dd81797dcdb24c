"""Sizes that users of image-match reported, to compare a projection with."""

from bench.report.historical import PUBLISHED, PublishedSize

#: Names of the published figures that are of whole collections, and of the fear that began the
#: discussion: 1.2 TB for 800 million images without their signatures. A person wrote that, in
#: decimal units: 11.9 "gb" of Elasticsearch for 8.3 million images are 1.23 TB for 800 million.
REPORTED: dict[str, PublishedSize] = {
    size.what.replace(" ", "_"): size for size in PUBLISHED if size.documents >= 1_000_000
} | {"feared_without_signature": PublishedSize("feared, without signature", 800_000_000, 1.2e12)}
