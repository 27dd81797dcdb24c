"""``imgsig index``: an index of pictures on Elasticsearch or OpenSearch."""

import click

from imgsig.cli.command import Group

_COMMANDS = {
    "create:create": "Create the index NAME.",
    "add:add": "Add files, and all files below folders, to the index NAME.",
    "search:search": "Search the index NAME for pictures like each of IMAGES.",
    "delete:delete": "Delete documents of the index NAME, by id or by path.",
    "info:info": "Print what the index NAME is and holds.",
    "show:document": "Print the document of IMAGE, as the index NAME holds it.",
    "show:query": "Print the query for IMAGE, as the index NAME is searched with.",
}


@click.group(
    cls=Group,
    deferred={
        where.partition(":")[2]: (f"imgsig.cli.index.{where}", text)
        for where, text in _COMMANDS.items()
    },
    examples=(
        "imgsig index create photos --field tenant=keyword",
        "imgsig index add photos folder/ --metadata tenant=x",
        "imgsig index search photos query.jpg --size 5",
        "imgsig index info photos",
    ),
)
def index() -> None:
    """Create, fill and search an index of pictures.

    ES_URL names the cluster, an Elasticsearch or an OpenSearch; ES_API_KEY, or ES_USER and
    ES_PASSWORD, let in. With https, ES_CA_CERTS names the file of its authority. The client of the
    engine is needed: pip install imgsig[elasticsearch] or imgsig[opensearch].

    An index knows what it was made with, so all other commands ask the index.
    """
