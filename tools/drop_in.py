"""What image-match's `SignatureES` sends and returns, recorded as what ours has to be.

``python -m tools.drop_in`` writes `RECORDED`; a test records again and compares.
"""

import io
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.peers.environment import peer_python
from bench.runs.environment import ROOT
from bench.runs.errors import MeasurementError
from bench.runs.folder import write_bytes

#: What was recorded last, committed.
RECORDED = ROOT / "tests" / "imgsig" / "compat" / "recorded.json"

_RECORDER = Path(__file__).with_name("drop_in_recorder.py")


def pictures() -> dict[str, bytes]:
    """Made files by their names: colours, their grey levels, semi-transparent, and two like it."""
    rng = np.random.default_rng(7)
    scene = Image.fromarray(rng.integers(0, 256, (9, 12, 3), dtype=np.uint8))
    scene = scene.resize((120, 90), Image.Resampling.BICUBIC)
    veiled = scene.convert("RGBA")
    veiled.putalpha(Image.linear_gradient("L").resize((120, 90)))
    other = Image.fromarray(rng.integers(0, 256, (9, 12, 3), dtype=np.uint8))
    made = {
        "scene.png": scene,
        "grey.png": scene.convert("L"),
        "veiled.png": veiled,
        "turned.png": scene.rotate(90, expand=True),
        "mirrored.png": scene.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "both.png": scene.transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(90, expand=True),
        "negative.png": Image.eval(scene, lambda level: 255 - level),
        "other.png": other.resize((120, 90), Image.Resampling.BICUBIC),
    }
    return {name: _png(picture) for name, picture in made.items()}


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _call(method: str, **arguments: Any) -> dict[str, Any]:
    return {"method": method, "arguments": arguments}


def scenario() -> list[dict[str, Any]]:
    """What is called, see `tools.drop_in_recorder`."""
    adding = [
        _call("add_image", path=name, metadata={"shop": number}, refresh_after=True)
        for number, name in enumerate(pictures())
    ]
    every_way = [
        _call("add_image", path="scene.png"),
        _call(
            "add_image",
            path="b",
            img={"file": "veiled.png"},
            bytestream=True,
            metadata={"tags": ["x"]},
        ),
        _call("add_image", path="c", img="grey.png", metadata={"a": {"b": 1}}),
        _call("add_image", path="grey.png", bytestream=True),
        _call("add_image", path="d", img={"file": "grey.png"}, bytestream=True),
        _call("add_image", path="scene.png", refresh_after=True),
        _call("delete_duplicates", path="scene.png"),
        _call("delete_duplicates", path="nowhere.png"),
    ]
    searching = [
        _call("search_image", path="scene.png"),
        _call("search_image", path="scene.png", all_orientations=True),
        _call("search_image", path="grey.png", all_orientations=True),
        _call("search_image", path={"file": "veiled.png"}, bytestream=True),
        _call("search_image", path="veiled.png"),
        _call("search_image", path="other.png", pre_filter={"term": {"image.metadata.shop": 7}}),
    ]
    other = {"index": "pics", "doc_type": "pic", "timeout": "3s", "size": 4, "k": 8, "N": 20}
    other |= {"n_grid": 7, "crop_percentile": [10, 90], "distance_cutoff": 0.6, "n_levels": 3}
    return [
        {"parameters": {}, "calls": [*adding, *searching]},
        {"parameters": {}, "calls": every_way},
        {"parameters": other, "calls": [*adding[:4], *searching[:4]]},
    ]


def record(folder: Path) -> list[dict[str, Any]]:
    """Run the scenario by image-match, on pictures that are written to a folder."""
    for name, data in pictures().items():
        (folder / name).write_bytes(data)
    done = subprocess.run(
        [os.fspath(peer_python()), os.fspath(_RECORDER)],
        input=json.dumps(scenario()),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    if done.returncode:
        raise MeasurementError(f"image-match cannot be recorded: {done.stderr.strip()[-2000:]}")
    recorded: list[dict[str, Any]] = json.loads(done.stdout)
    for part in recorded:
        for call in part["calls"]:
            _without_chance(call)
    return recorded


def _without_chance(call: dict[str, Any]) -> None:
    """Leave out what is another one each time.

    That is the time; and the order in which orientations are searched for, which decides what is
    returned of a picture that several of them find. The same picture is searched for three times.
    """
    for request in call["requests"]:
        for record in request.get("body", {}).values():
            if isinstance(record, dict) and "timestamp" in record:
                record["timestamp"] = ""
    if call["arguments"].get("all_orientations"):
        sent = {json.dumps(request): request for request in call["requests"]}
        call["requests"] = [sent[text] for text in sorted(sent)]
        call["result"] = sorted(match["id"] for match in call["result"])


def main() -> None:
    """Record, and write `RECORDED`."""
    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps(record(Path(folder)), separators=(",", ":"))
    write_bytes(RECORDED, text.encode() + b"\n")


if __name__ == "__main__":
    main()
