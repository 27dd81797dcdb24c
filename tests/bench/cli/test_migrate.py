"""``migrate``, as a user types it."""

import json
from pathlib import Path

import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner

from bench.cli.migrate import migrate
from bench.runs.folder import RunFolder
from imgsig import get_words
from imgsig.cli.boundary import ExitCode
from tests.shared import bulk

pytestmark = pytest.mark.engine


def run(engine, *arguments: object):
    typed = [str(argument) for argument in arguments]
    return CliRunner().invoke(migrate, [*typed, "--es-url", engine.url])


@pytest.fixture(scope="module")
def source(engine, signatures):
    """Forty documents as image-match writes them."""
    index, client = "migrate-typed", engine.client
    words = get_words(signatures[:40], k=16, N=63).tolist()
    documents = (
        {"_id": str(n), "path": f"{n}.jpg", "signature": signatures[n].tolist()}
        | {f"simple_word_{i}": word for i, word in enumerate(own)}
        for n, own in enumerate(words)
    )
    client.indices.create(index=index, settings={"refresh_interval": "50ms"})
    bulk(client, documents, index=index, refresh=True)
    yield index
    client.indices.delete(index=f"{index},{index}-tagged-column", ignore_unavailable=True)


def test_a_plan_is_printed_and_its_requests_work(engine, source):
    shown = run(engine, "--from", source, "--to", "tagged_column")
    assert shown.exit_code == ExitCode.OK, shown.output
    assert 'codec {"id": "int_array", "strip": "none"}' in shown.stdout
    layouts = RunFolder(Path(__file__).parents[3] / "results" / "reference-layouts").table(
        "variants"
    )
    measured = layouts.set_index("variant")["bytes_per_document"]["tagged_column"]
    assert any(f"{measured + more:.0f} bytes" in shown.stdout for more in (0, 1))
    assert "Nothing was written" in shown.stdout
    plan = json.loads(run(engine, "--from", source, "--to", "tagged_column", "--json").stdout)[
        "plan"
    ]
    assert plan["destination"]["create"]["request"] == f"PUT /{source}-tagged-column"
    assert plan["detected"]["words"] == {"N": 63, "k": 16}
    assert plan["expected"]["measured_on"].startswith("tagged_column of reference-layouts")
    assert not engine.client.indices.exists(index=f"{source}-tagged-column")


@pytest.mark.slow
def test_it_is_performed_and_searched_with_what_the_plan_says(engine, source, tmp_path):
    plan = json.loads(run(engine, "--from", source, "--to", "tagged_column", "--json").stdout)[
        "plan"
    ]
    listed = tmp_path / "bad.jsonl"
    options = ["--from", source, "--to", "tagged_column", "--apply", "--bad", listed]
    done = run(engine, *options, "--json")
    assert done.exit_code == ExitCode.OK, done.output
    verified = json.loads(done.stdout)["outcome"]["verified"]
    assert (verified["destination"], verified["values"]) == (40, 40 * 648)
    search = plan["search"]
    answer = engine.client.perform_request(
        "POST",
        search["request"].removeprefix("GET "),
        body=search["body"],
        headers={"content-type": "application/json", "accept": "application/json"},
    )
    best = answer["hits"]["hits"][0]
    assert best["_score"] == 63
    assert best["fields"]["path"] == [f"{best['_id']}.jpg"]
    assert best["fields"]["signature"]
    again = run(engine, *options)
    assert again.exit_code == ExitCode.OK
    assert "The new index is complete" in again.stdout
    assert "0 documents are left to copy" in again.stderr
    assert not listed.exists()


def test_bad_documents_are_listed_and_not_passed_over_by_themselves(engine, source, tmp_path):
    client, listed = engine.client, tmp_path / "bad.jsonl"
    client.index(index=source, id="bad", document={"path": "b", "signature": [9]}, refresh=True)
    options = ["--from", source, "--to", "tagged_column", "--codec", "int_array", "--k", "16"]
    options += ["--apply", "--bad", listed]
    try:
        refused = run(engine, *options)
        assert refused.exit_code == ExitCode.NOT_REACHED, refused.output
        assert "1 documents cannot be migrated" in refused.stdout
        (row,) = map(json.loads, listed.read_text().splitlines())
        assert row["id"] == "bad"
        assert row["reason"] == "words are missing"
        assert run(engine, *options, "--skip-bad").exit_code == ExitCode.OK
    finally:
        client.delete(index=source, id="bad", refresh=True)


def test_a_plan_has_no_name_that_apply_would_refuse(engine, source, index_name):
    engine.client.indices.create(index=index_name, aliases={f"{index_name}-alias": {}})
    taken = "exists and was not made by a migration"
    for name, told in (
        (index_name, taken),
        (f"{index_name}-alias", taken),
        ("My Photos", "no index can be called 'My Photos'"),
        ("x" * 256, "256 bytes of UTF-8, more than the 255 allowed"),
    ):
        planned = run(engine, "--from", source, "--to", "tagged_column", "--name", name)
        assert planned.exit_code == ExitCode.FAILED
        assert told in planned.stderr
        assert "--name" in planned.stderr


def test_errors_are_told_with_a_remedy(engine, source):
    missing = run(engine, "--from", "nowhere", "--to", "tagged_column")
    assert missing.exit_code == ExitCode.FAILED
    assert "no index 'nowhere'" in missing.stderr
    taken = run(engine, "--from", source, "--to", "tagged_long", "--name", source, "--apply")
    assert taken.exit_code == ExitCode.FAILED
    assert "--name" in taken.stderr


@pytest.mark.slow
def test_an_alias_is_switched_when_all_is_there(engine, source, index_name, tmp_path):
    client, alias = engine.client, f"{index_name}-photos"
    client.indices.put_alias(index=source, name=alias)
    options = ["--from", source, "--to", "tagged_column", "--name", index_name, "--switch", alias]
    options += ["--bad", tmp_path / "bad.jsonl"]
    planned = run(engine, *options)
    assert planned.exit_code == ExitCode.OK, planned.output
    assert list(client.indices.get_alias(name=alias)) == [source]
    client.index(index=source, id="bad", document={"path": "b", "signature": [9]}, refresh=True)
    try:
        given = ["--codec", "int_array", "--k", "16", "--apply"]
        refused = run(engine, *options, *given)
        assert refused.exit_code == ExitCode.NOT_REACHED, refused.output
        assert f"alias {alias} was not switched: it still leads to {source}" in refused.stdout
        assert list(client.indices.get_alias(name=alias)) == [source]
        client.delete(index=source, id="bad", refresh=True)
        for _ in range(2):
            done = run(engine, *options, *given)
            assert done.exit_code == ExitCode.OK, done.output
            assert f"Alias {alias} leads to it now, and no longer to {source}" in done.stdout
            assert list(client.indices.get_alias(name=alias)) == [index_name]
        again = run(engine, "--from", alias, *options[2:], "--apply")
        assert again.exit_code == ExitCode.OK, again.output
        assert f"leads to {index_name} already, which was migrated from {source}" in again.stdout
        told = json.loads(run(engine, "--from", alias, *options[2:], "--json").stdout)
        assert told == {"switched": alias, "index": index_name, "source": source}
    finally:
        client.options(ignore_status=404).delete(index=source, id="bad", refresh=True)
        client.indices.delete_alias(index="*", name=alias)


def test_a_dump_is_read_from_standard_input(engine, signatures, index_name):
    words = get_words(signatures[:9], k=16, N=63).tolist()
    hits = [
        {"_id": str(n), "_index": "old", "_source": {"path": f"{n}.jpg", "signature": one.tolist()}}
        for n, one in enumerate(signatures[:9])
    ]
    for hit, own in zip(hits, words, strict=True):
        hit["_source"] |= {f"simple_word_{i}": word for i, word in enumerate(own)}
    text = "".join(json.dumps(hit) + "\n" for hit in hits)
    options = ["--from-file", "-", "--to", "tagged_column", "--name", index_name, "--apply"]
    done = CliRunner().invoke(migrate, [*options, "--es-url", engine.url, "--json"], input=text)
    assert done.exit_code == ExitCode.OK, done.output
    told = json.loads(done.stdout)
    assert told["migration"]["source"] == "old"
    assert told["outcome"]["verified"]["compared"] == 9
    for option in (["--switch", "photos"], ["--mirror"]):
        refused = CliRunner().invoke(
            migrate, [*options, "--es-url", engine.url, *option], input=text
        )
        assert refused.exit_code == ExitCode.FAILED
        assert option[0] in refused.stderr


def test_a_source_is_named_once():
    for options in ([], ["--from", "a", "--from-file", "b"], ["--from", "a", "--mapping", "m"]):
        result = CliRunner().invoke(migrate, [*options, "--to", "tagged_column"])
        assert result.exit_code == ExitCode.USAGE
        assert "--from-file" in result.stderr


def test_layouts_are_completed():
    complete = BashComplete(migrate, {}, "migrate", "_UNUSED")
    found = complete.get_completions(["--to"], "tagged_col")
    assert "tagged_column_best" in [item.value for item in found]
