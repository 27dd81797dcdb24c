"""Documents are deleted by their path, however many shards and pages they are on."""

import pytest

from imgsig.index import ImageIndex, deleting


@pytest.mark.engine
@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize("page", [4, 7, 2000])
def test_no_document_of_a_path_is_missed(client, name, pictures, monkeypatch, shards, page):
    monkeypatch.setattr(deleting, "_PAGE", page)
    settings = {"number_of_shards": shards}
    index = ImageIndex.create(client, name, layout="tagged_integer", settings=settings)
    for number in range(20):
        index.add(pictures[0], path="b.jpg" if number % 3 else "a.jpg")
    index.refresh()
    assert index.delete_duplicates("a.jpg") == 6
    index.refresh()
    assert index.delete_path("b.jpg") == 13
    index.refresh()
    assert index.count() == 1
