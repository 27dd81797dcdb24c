"""A new index that is not what it should be is found out."""

import pytest

from bench.migrate.convert import convert
from bench.migrate.destination import read_progress
from bench.migrate.verify import _compare_distances, verify
from bench.runs.errors import MeasurementError

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module", params=["tagged_column", "integer_filtered"])
def done(arrays, request):
    """A finished migration, and two documents of it as they were sent."""
    plan = arrays.plan(request.param)
    arrays.perform(plan)
    hits = arrays.client.search(
        index=arrays.index, query={"ids": {"values": ["d3", "d4"]}}, seq_no_primary_term=True
    )
    sent = {one.id: dict(one.document) for one in convert(plan, hits["hits"]["hits"])}
    return arrays, plan, sent["d3"], sent["d4"]


@pytest.fixture
def restored(done):
    """The same; what a test changes is put back."""
    yield done
    made, plan, document, _ = done
    made.client.index(index=plan.index, id="d3", document=document, refresh=True)


def changed(plan, document, other, what):
    if what == "words":
        name = next(n for n in document if n.startswith("simple_word"))
        return {**document, name: other[name]}
    name = f"{what}_json" if f"{what}_json" in document else what  # the text counts
    return {**document, name: other[name]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("signature", "signature value"),
        ("words", "the number of matching words should be 63"),
        ("path", "path should be https://example.org/3.jpg"),
        ("timestamp", "kept fields should be"),
    ],
)
def test_a_changed_document_is_found(restored, what, told):
    made, plan, document, other = restored
    wrong = changed(plan, document, other, what)
    made.client.index(index=plan.index, id="d3", document=wrong, refresh=True)
    # All are read back; words can only be searched for, which is done for a sample.
    sample = 1000 if what == "words" else 1
    with pytest.raises(MeasurementError, match=f"'d3'.*{told}"):
        verify(made.client, plan, read_progress(made.client, plan), sample=sample)


def test_a_missing_document_is_found(restored):
    made, plan, _, _ = restored
    made.client.delete(index=plan.index, id="d3", refresh=True)
    progress = read_progress(made.client, plan)
    with pytest.raises(MeasurementError, match=r"'d3'.*missing"):
        verify(made.client, plan, progress, sample=1)


@pytest.mark.only_on("elasticsearch", reason="has no dense_vector")
@pytest.mark.parametrize("readable", [True, False])
def test_a_changed_vector_is_found(arrays, monkeypatch, readable):
    plan = arrays.plan("vector_sign_flat", codec_to="none")
    arrays.perform(plan)
    if not readable:  # as by engines that have no doc values of vectors
        monkeypatch.setattr("bench.migrate.verify._compare_vectors", _compare_distances)
    progress = read_progress(arrays.client, plan)
    hits = arrays.client.search(
        index=arrays.index, query={"ids": {"values": ["d3"]}}, seq_no_primary_term=True
    )
    (sent,) = [dict(one.document) for one in convert(plan, hits["hits"]["hits"])]
    flipped = f"{int(sent['vector'], 16) ^ 1 << 99:068x}"
    for wrong in (flipped, None):
        document = {name: value for name, value in sent.items() if name != "vector" or wrong}
        document |= {"vector": wrong} if wrong else {}
        arrays.client.index(index=plan.index, id="d3", document=document, refresh=True)
        with pytest.raises(MeasurementError, match=r"'d3'.*its vector"):
            verify(arrays.client, plan, progress, sample=1)
    arrays.client.index(index=plan.index, id="d3", document=sent, refresh=True)
    assert verify(arrays.client, plan, progress, sample=1).vectors == 290
