"""From one engine to another: image-match's index on the older, the new one on the other."""

import re
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from bench.cli import cli
from bench.engine import open_engine
from bench.engine.catalog import TITLES, find_distribution
from imgsig.cli.boundary import ExitCode
from imgsig.cluster import VARIABLES
from tests.faults.secured_faults import IMAGES, fill_images
from tests.shared import reached_at

COMMAND = ("migrate", "--from", IMAGES, "--to", "tagged_column")


@pytest.fixture(
    params=[
        "elasticsearch-8.18.0 elasticsearch-9.2.4",
        "elasticsearch-9.2.4 opensearch-3.3.2",
        "opensearch-2.19.6 elasticsearch-9.2.4",
    ]
)
def engines(request, engine_env, monkeypatch):
    """An engine with an index of image-match, and an empty one."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"TARGET_{name}", raising=False)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="imgsig-across-")))
        folder.chmod(0o711)
        opened = []
        for named in request.param.split():
            distribution = find_distribution(*named.split("-"))
            opening = open_engine(
                folder / named,
                heap="512m",
                env=engine_env,
                distribution=distribution,
                start_timeout=400,
            )
            opened.append(stack.enter_context(opening))
        fill_images(opened[0])
        opened[0].client.indices.put_alias(index=IMAGES, name="shown")
        yield opened


@pytest.mark.release
@pytest.mark.timeout(1800)  # two engines start
def test_all_of_it_arrives_there_and_is_searched_for(engines, tmp_path):
    source, target = engines
    env = {"ES_URL": source.url, "TARGET_ES_URL": target.url}
    env |= {f"TARGET_{name}": value for name, value in reached_at(target.url, target).items()}

    def migrate(*options, **changes):
        return CliRunner().invoke(cli, [*COMMAND, *options], env=env | changes)

    there = f"{TITLES[target.name]} at {target.url}"
    planned = migrate()
    assert planned.exit_code == ExitCode.OK, planned.output
    assert f"Destination: {IMAGES}-tagged-column on {there}" in planned.output
    assert not target.client.indices.exists(index=f"{IMAGES}-tagged-column")

    done = migrate("--apply")
    assert done.exit_code == ExitCode.OK, done.output
    assert "Read back: all 60 documents; 38,880 signature values are those" in done.output
    assert "60 documents were searched for and found by all 3,780 words" in done.output
    assert f"give it the aliases on {there}" in done.output
    sent = re.search(r"POST /_aliases\n(.*)", done.output)[1]
    assert "remove" not in sent
    target.client.perform_request(
        "POST",
        "/_aliases",
        headers={"content-type": "application/json", "accept": "application/json"},
        body=sent.encode(),
    )
    assert target.client.count(index="shown")["count"] == 60
    assert not source.client.indices.exists(index=f"{IMAGES}-tagged-column")
    assert source.client.count(index="shown")["count"] == 60

    again = migrate("--apply")
    assert again.exit_code == ExitCode.OK, again.output

    # The name of the source is free on another cluster.
    same = migrate("--name", IMAGES, "--apply")
    assert same.exit_code == ExitCode.OK, same.output
    assert target.client.count(index=IMAGES)["count"] == 60

    compared = CliRunner().invoke(
        cli, ["compare", IMAGES, f"{IMAGES}-tagged-column"], env={"ES_URL": target.url}
    )
    assert compared.exit_code == ExitCode.OK, compared.output


@pytest.mark.engine
def test_a_target_that_refuses_is_told_by_its_own_variables(engine, index_name, monkeypatch):
    monkeypatch.setenv("ES_URL", engine.url)
    wrong = {"TARGET_ES_URL": engine.url, "TARGET_ES_USER": "u", "TARGET_ES_PASSWORD": "planted"}
    result = CliRunner().invoke(cli, COMMAND, env=wrong)
    assert result.exit_code == 1
    assert "the target: " in result.stderr
    assert "Check TARGET_ES_API_KEY, or TARGET_ES_USER and TARGET_ES_PASSWORD" in result.stderr
    assert "planted" not in result.output
    alone = CliRunner().invoke(cli, COMMAND, env={"TARGET_ES_USER": "u", "TARGET_ES_URL": None})
    assert alone.exit_code == 1
    assert "TARGET_ES_USER without an address: set TARGET_ES_URL too" in alone.stderr
