"""Lines of dumps, whole and broken."""

import gzip
import io
import json

import pytest

from bench.migrate import json_lines
from bench.migrate.json_lines import BrokenLineError, documents, lines, opened, spooled
from bench.runs.errors import ExperimentError

HIT = {"_index": "t", "_type": "image", "_id": "a", "_score": 1, "_source": {"path": "a"}}


def test_a_hit_and_an_answer_of_hits_are_read():
    (one,) = documents(json.dumps(HIT).encode())
    assert one == {"_id": "a", "_source": {"path": "a"}, "_index": "t"}
    routed = {**HIT, "_id": 7, "_routing": "r"}
    answer = {"_scroll_id": "x", "hits": {"total": 2, "hits": [HIT, routed]}}
    first, second = documents(json.dumps(answer).encode())
    assert first == one
    assert (second["_id"], second["_routing"]) == ("7", "r")
    old = {**HIT, "fields": {"_routing": "o"}}
    assert documents(json.dumps(old).encode())[0]["_routing"] == "o"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "not JSON"),
        (b'{"_id": "a", "_source": {"a": NaN}}', "NaN is not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b"[]", "list instead of an object"),
        (b'{"_source": {"a": 1}}', "no _id"),
        (b'{"_id": true, "_source": {"a": 1}}', "no _id"),
        (b'{"_id": "a"}', "no _source"),
        (b'{"hits": {"hits": 3}}', "without hits"),
        (b'{"hits": {"hits": [3]}}', "int instead of an object"),
        (None, "longer than"),
    ],
)
def test_a_broken_line_is_told(line, told):
    with pytest.raises(BrokenLineError, match=told):
        documents(line)


def test_lines_are_numbered_and_blank_ones_passed_over(monkeypatch):
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 8)
    text = b"\xef\xbb\xbfone\n\n  \r\n" + b"x" * 30 + b"\n" + b"1234567\nlast"
    assert list(lines(io.BytesIO(text))) == [
        (0, b"one\n"),
        (3, None),
        (4, b"1234567\n"),
        (5, b"last"),
    ]


def test_a_packed_file_is_unpacked_and_one_cut_off_is_told(tmp_path):
    packed = tmp_path / "dump"
    packed.write_bytes(gzip.compress(b"a\nb\n"))
    with opened(packed) as file:
        assert file.read() == b"a\nb\n"
    whole = gzip.compress(json.dumps(list(range(10_000))).encode())
    packed.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ExperimentError, match="cut off or damaged"), opened(packed) as file:
        file.read()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_is_kept_to_be_read_again(monkeypatch, pack):
    text = b"a line\n" * 1000
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pack(text))))
    with spooled("-") as path:
        for _ in range(2):
            with opened(path) as file:
                assert file.read() == text
    assert not path.exists()
