"""Where the bytes of an index go: by field and by Lucene structure."""

import warnings

from elasticsearch import Elasticsearch
from elasticsearch.exceptions import GeneralAvailabilityWarning

from bench.engine.client import whole

#: Field in which Elasticsearch keeps full copies of documents until no lease needs them any more.
GHOST = "_recovery_source"


def field_bytes(client: Elasticsearch, index: str) -> dict[str, dict[str, int]]:
    """Bytes by field and by Lucene structure, as Elasticsearch estimates them.

    An estimate from reading the index, which leaves out what fields share; the store is the truth.

    Notes
    -----
    https://www.elastic.co/guide/en/elasticsearch/reference/8.18/indices-disk-usage.html
    """
    with warnings.catch_warnings():
        # A technical preview: the client warns of every call, and we take it for an estimate.
        warnings.simplefilter("ignore", GeneralAvailabilityWarning)
        # No flush: looking must change nothing.
        answer = client.indices.disk_usage(index=index, run_expensive_tasks=True, flush=False)
    whole(answer, f"an analysis of the disk use of {index!r}")
    fields: dict[str, dict[str, int]] = {}
    for field, usage in answer[index]["fields"].items():
        sizes = {
            structure.removesuffix("_in_bytes"): size
            for structure, size in usage.items()
            if structure.endswith("_in_bytes") and structure != "total_in_bytes" and size
        }
        inverted = usage.get("inverted_index", {}).get("total_in_bytes", 0)
        fields[field] = sizes | ({"inverted_index": inverted} if inverted else {})
    return fields
