"""The same with a client that is awaited."""

import asyncio
import inspect

import pytest
from elasticsearch import AsyncElasticsearch
from PIL import Image

from imgsig import OtherIndexError, generate_signature
from imgsig.index import AsyncImageIndex, ImageIndex
from tests.shared import credentials

FIELDS = {"tenant": {"type": "keyword"}}


def test_it_has_the_methods_of_the_other_with_their_parameters():
    def methods(kind):
        return {
            name: list(inspect.signature(member).parameters.values())
            for name, member in inspect.getmembers(kind, callable)
            if not name.startswith("_")
        }

    assert methods(AsyncImageIndex) == methods(ImageIndex)


@pytest.mark.engine
@pytest.mark.only_on(
    "elasticsearch", reason="opensearch-py awaits with aiohttp, not installed here"
)
def test_an_index_is_made_filled_searched_and_emptied(engine, name, pictures, tmp_path):
    files = [tmp_path / f"{number}.png" for number in range(3)]
    for file, picture in zip(files, pictures, strict=False):
        Image.fromarray(picture).save(file)
    files.append(tmp_path / "missing.png")

    async def use(client):
        await AsyncImageIndex.create(client, name, fields=FIELDS)
        with pytest.raises(OtherIndexError, match="exists"):
            await AsyncImageIndex.create(client, name)
        index = await AsyncImageIndex.open(client, name)
        added = await index.add(pictures[5], path="5", metadata={"tenant": "x"})
        many = [one async for one in index.add_many(files, workers=1, metadata={"tenant": "y"})]
        assert [one.outcome for one in many] == ["ok", "ok", "ok", "missing"]
        signed = [("4", generate_signature(pictures[4])), ("5", generate_signature(pictures[5]))]
        more = [one async for one in index.add_signatures(signed)]
        await index.refresh()
        assert await index.count() == 6
        best, *_ = await index.search(pictures[1], filter={"term": {"tenant": "y"}})
        assert (best.id, best.distance, best.metadata) == (many[1].id, 0.0, {"tenant": "y"})
        best, *_ = await index.search(pictures[4][:, ::-1], orientations="all")
        assert (best.id, best.orientation) == (more[0].id, "mirrored")
        assert await index.delete_duplicates("5") == 1
        assert await index.existing([added, more[1].id]) == {added}
        assert await index.delete(added)

    async def connected():
        async with AsyncElasticsearch(
            engine.url, basic_auth=credentials(engine.url), node_class="httpxasync"
        ) as client:
            await use(client)

    asyncio.run(connected())
