"""Only an index that the same migration made is written to."""

import pytest

from bench.migrate.destination import Progress, create, read_progress, save_progress
from bench.runs.errors import IndexStateError

pytestmark = pytest.mark.engine


def test_progress_is_kept_in_the_index(arrays):
    plan = arrays.plan()
    assert read_progress(arrays.client, plan) is None
    progress = create(arrays.client, plan)
    assert read_progress(arrays.client, plan) == progress
    progress.done, progress.refused = {0: 12, 1: -1}, {"a.b/ü": "why"}
    save_progress(arrays.client, plan, progress)
    assert read_progress(arrays.client, plan) == progress
    with pytest.raises(IndexStateError, match="come to exist meanwhile"):
        create(arrays.client, plan)


def test_somebody_elses_index_is_left_untouched(arrays):
    plan = arrays.plan()
    arrays.client.index(index=plan.index, id="x", document={"path": "mine"}, refresh=True)
    before = arrays.client.indices.get(index=plan.index).body
    with pytest.raises(IndexStateError, match=r"not made by a migration.*--name"):
        arrays.perform(plan)
    assert arrays.client.indices.get(index=plan.index).body == before
    assert arrays.client.count(index=plan.index)["count"] == 1


@pytest.mark.parametrize(
    ("options", "key"), [({"codec_to": "packed"}, "variant"), ({"drop": ["metadata"]}, "fields")]
)
def test_another_migration_is_refused(arrays, options, key):
    plan = arrays.plan()
    create(arrays.client, plan)
    with pytest.raises(IndexStateError, match=f"its {key} is"):
        read_progress(arrays.client, arrays.plan(name=plan.index, **options))


def test_an_index_that_was_deleted_meanwhile_is_noticed(arrays):
    plan = arrays.plan()
    create(arrays.client, plan)
    arrays.client.indices.delete(index=plan.index)
    arrays.client.index(index=plan.index, id="x", document={"path": "made by itself"})
    with pytest.raises(IndexStateError, match="deleted during the migration"):
        save_progress(arrays.client, plan, Progress(uuid="of the first"))
