"""Tiles are worked out once, and nothing false is believed of what is remembered."""

from numpy.random import default_rng
from PIL import Image

from datasets.folder import FolderCollection
from datasets.originals import cut_originals


def test_damaged_entries_are_worked_out_again(tmp_path, monkeypatch):
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path / "cache"))
    (tmp_path / "pictures").mkdir()
    for number in range(5):
        pixels = default_rng(number).integers(0, 256, (128, 192, 3)).astype("uint8")
        Image.fromarray(pixels).save(tmp_path / "pictures" / f"{number}.png")
    collection = FolderCollection(tmp_path / "pictures")
    first = cut_originals(collection, [64])
    assert len(first) == 5 * (1 + 2 * 3)
    entries = list((tmp_path / "cache" / "tiles").iterdir())
    cut, changed, emptied, *_ = written = [path.read_bytes() for path in entries]
    spoilt = [
        cut[:-7],
        changed[:-3] + bytes([changed[-3] ^ 1]) + changed[-2:],
        emptied[:0],
        b"[[0, 0, 64, 64]]",
        written[0],
    ]
    for path, content in zip(entries, spoilt, strict=True):
        path.write_bytes(content)
    assert cut_originals(collection, [64]) == first
    assert [path.read_bytes() for path in entries] == written
