"""What a signature's field returns on the real engine is what was stored."""

import pytest

from imgsig.codecs import codec_ids, get_codec
from imgsig.layouts.signature_place import SignaturePlace


@pytest.mark.engine
def test_every_codec_of_bytes_is_read_as_an_engine_returns_it(engine, signatures):
    codecs = [get_codec({"id": name}) for name in codec_ids()]
    codecs = [codec for codec in codecs if codec.stored_type is bytes]
    places = [
        (SignaturePlace(place, f"{place}_{codec.codec_id}"), codec)
        for place in ("stored", "doc_values")
        for codec in codecs
    ]
    properties = {
        key: value for kept, codec in places for key, value in kept.properties(codec).items()
    }
    document = {
        key: value
        for kept, codec in places
        for key, value in kept.field(codec, codec.encode(signatures[0])).items()
    }
    engine.client.indices.create(index="h-binary", mappings={"properties": properties})
    try:
        engine.client.index(index="h-binary", document=document, refresh=True)
        for kept, codec in places:
            (hit,) = engine.client.search(index="h-binary", **kept.fetch())["hits"]["hits"]
            (returned,) = hit["fields"][kept.name]
            assert codec.from_json(returned) == codec.encode(signatures[0]), kept
    finally:
        engine.client.indices.delete(index="h-binary")
