"""Files flow into the index: a window of them is held, and all that was signed arrives."""

import pytest

from bench.index.build import CHUNK, create_index
from bench.index.pipeline import stream_documents
from bench.index.variant import Variant
from imgsig.layouts import get_layout
from imgsig.sign_many import SignedFile

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("layout", "codec"), [("dynamic", {"id": "base62"}), ("tagged_column", {"id": "context"})]
)
def test_the_index_holds_what_was_signed_and_no_more_is_taken_than_a_window(
    engine, index_name, signatures, layout, codec
):
    variant = Variant(63, 16, codec, layout, name=index_name)
    create_index(engine.client, variant, "run-1")
    taken, indexed, ahead, failed = 0, 0, 0, []

    def records():
        nonlocal taken, ahead
        for number in range(5 * CHUNK):
            taken += 1
            ahead = max(ahead, taken - indexed)
            path, signature = f"folder/{number}.jpg", signatures[number % len(signatures)]
            broken = SignedFile(path, "corrupt", reason="it is empty")
            yield broken if number % 100 == 7 else SignedFile(path, "ok", signature)

    def advance(done):
        nonlocal indexed
        indexed += done

    sent = stream_documents(engine.client, variant, records(), failed.append, advance)
    assert [record.path for record in failed] == [f"folder/{n}.jpg" for n in range(7, 2500, 100)]
    assert sent == indexed == 5 * CHUNK - len(failed) == 2475
    # Two chunks, and the broken ones among them, which never count as indexed.
    assert ahead <= 2 * CHUNK + 1 + len(failed)
    kept = [number for number in range(5 * CHUNK) if number % 100 != 7]
    codec, place = variant.get_codec(), get_layout(layout)
    for document in (0, 7, CHUNK, 2474):
        with_signature, with_path = (
            engine.client.search(
                index=index_name,
                query={"ids": {"values": [str(document)]}},
                **place.fetch(what),
            )["hits"]["hits"][0]
            for what in ("signature", "path")
        )
        stored = codec.decode(place.signature.stored_form(codec, with_signature))
        assert (stored == signatures[kept[document] % len(signatures)]).all()
        assert place.stored_path(with_path) == f"folder/{kept[document]}.jpg"
