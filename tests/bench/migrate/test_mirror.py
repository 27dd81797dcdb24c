"""An application that writes to both indices, and deletes, while a migration runs."""

import numpy as np
import pytest

from bench.migrate import begin
from bench.migrate.destination import copy_pass
from bench.migrate.migration import Pace
from imgsig.index import ImageIndex
from tests.shared import as_applications

pytestmark = pytest.mark.engine


def path_in(made, plan, number):
    fetch = plan.layout.fetch("path")
    query = {"ids": {"values": [f"d{number}"]}}
    hits = made.client.search(index=plan.index, query=query, **fetch)["hits"]["hits"]
    return plan.layout.stored_path(hits[0]) if hits else None


def test_what_is_written_to_both_and_deleted_meanwhile_is_not_lost(fresh):
    client = fresh.client
    fresh.add(range(60))
    plan = fresh.plan()
    progress = begin(client, plan)
    new = ImageIndex.open(as_applications(client), plan.index)

    def write_both(number, path, id_=None):
        """As an application does, to the source first."""
        fresh.add([number], path=path)
        record = (path, fresh.signatures[number], f"d{number}")
        (added,) = new.add_signatures([record], refresh=True)
        assert added.is_ok

    def delete_both(number):
        for index in (fresh.index, plan.index):
            client.options(ignore_status=404).delete(index=index, id=f"d{number}", refresh=True)

    def meanwhile(done):
        if not changed:
            changed.append(done)
            write_both(60, "added.jpg")
            write_both(0, "changed.jpg")  # copied already, or not yet
            write_both(59, "changed.jpg")
            delete_both(1)
            delete_both(58)

    changed = []
    copy_pass(client, plan, progress, Pace(batch=20), advance=meanwhile)
    write_both(2, "after the pass.jpg")
    client.delete(index=fresh.index, id="d3", refresh=True)  # its deletion there got lost
    told = fresh.perform(plan).verified
    assert not told.is_whole
    assert (told.behind, told.surplus) == (0, told.destination - told.source)
    assert told.surplus >= 1
    outcome = fresh.perform(plan, mirrored=True)
    assert outcome.deleted == told.surplus
    assert outcome.verified.is_whole
    assert outcome.verified.source == outcome.verified.destination == 58
    paths = {0: "changed.jpg", 1: None, 2: "after the pass.jpg", 3: None, 60: "added.jpg"}
    assert {number: path_in(fresh, plan, number) for number in paths} == paths


@pytest.mark.slow
def test_what_the_application_wrote_otherwise_is_told_and_sent_again(fresh, monkeypatch):
    # What the application writes has the next version: not that of a pass a second later.
    monkeypatch.setattr("bench.migrate.destination.time.time", lambda: 2_000_000_000.0)
    client = fresh.client
    fresh.add(range(20))
    plan = fresh.plan()
    assert fresh.perform(plan).verified.is_whole
    record = ("other.jpg", np.zeros_like(fresh.signatures[7]), "d7")
    index = ImageIndex.open(as_applications(client), plan.index)
    list(index.add_signatures([record], refresh=True))
    with pytest.raises(Exception, match=r"'d7'.*differs"):
        fresh.perform(plan)
    outcome = fresh.perform(plan, mirrored=True)
    assert (outcome.deleted, outcome.verified.is_whole) == (0, True)
    assert path_in(fresh, plan, 7) == "https://example.org/7.jpg"


@pytest.mark.slow
def test_what_changes_while_it_is_compared_is_behind_not_wrong(fresh):
    fresh.add(range(60))
    plan = fresh.plan()
    changed = []

    def change(done):
        if not changed:  # while the first page is done, the second is not yet read
            changed.append(done)
            fresh.client.delete(index=plan.index, id="d59", refresh=True)
            fresh.client.index(index=fresh.index, id="d59", document={"path": "x"}, refresh=True)

    found = fresh.perform(plan, compared=change).verified
    assert found.behind == 1
    assert not found.is_whole
