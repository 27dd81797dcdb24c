"""Runs the tools, one call a request, and times each call from the inside.

A program, not a module: the peers' interpreter runs it as well as ours, so it imports nothing of
this project but what it times. Requests and answers are lines of JSON on standard input and output:
``{"tool": …, "path": …}`` gives ``{"ns": …, "value": …}`` or ``{"error": …}``; ``value`` is left
out where ``"value": false`` asks so. Importing and starting are never inside of what is timed.

    python worker.py [CORE]
"""

import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: A tool, and what brings its result into JSON.
Tool = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def _image_match() -> Tool:
    from image_match.goldberg import ImageSignature  # type: ignore[import-not-found]

    sign = ImageSignature().generate_signature
    return sign, lambda signature: signature.astype(int).tolist()


def _image_match_bytes() -> Tool:
    from image_match.goldberg import ImageSignature

    sign = ImageSignature().generate_signature
    return (
        lambda path: sign(Path(path).read_bytes(), bytestream=True),
        lambda signature: signature.astype(int).tolist(),
    )


def _image_match_array() -> Tool:
    from image_match.goldberg import ImageSignature

    class OfGrey(ImageSignature):  # type: ignore[misc]
        """With today's scikit-image it takes no grey array any more; with that of its time it did.

        What it then did was to leave the array as it is.
        """

        @staticmethod
        def preprocess_image(
            image_or_path: Any, bytestream: bool = False, handle_mpo: bool = False
        ) -> Any:
            return image_or_path

    return OfGrey().generate_signature, lambda signature: signature.astype(int).tolist()


def _phash() -> Tool:
    import imagehash  # type: ignore[import-not-found]
    from PIL import Image

    return lambda path: imagehash.phash(Image.open(path)), str


def _pdq() -> Tool:
    import numpy as np
    import pdqhash  # type: ignore[import-not-found]
    from PIL import Image

    return (
        lambda path: pdqhash.compute(np.asarray(Image.open(path).convert("RGB"))),
        lambda found: "".join(map(str, found[0].astype(int).tolist())),
    )


def _exact() -> Tool:
    from imgsig import generate_signature

    return generate_signature, lambda signature: signature.tolist()


def _fast() -> Tool:
    from imgsig import generate_signature

    return (
        lambda path: generate_signature(path, decode="fast"),
        lambda signature: signature.tolist(),
    )


def _levels(decode: str) -> Tool:
    from imgsig.image import read_levels

    return lambda path: read_levels(path, decode=decode), str


def _decode() -> Tool:
    from PIL import Image

    def decode(path: str) -> Any:
        with Image.open(path) as picture:
            picture.load()
            return picture.size

    return decode, list


#: What makes each tool: a function of a path (or an array), and one from its result to JSON.
TOOLS: dict[str, Callable[[], Tool]] = {
    "image-match": _image_match,
    "image-match, array": _image_match_array,
    "image-match, bytes": _image_match_bytes,
    "pHash": _phash,
    "PDQ": _pdq,
    "exact": _exact,
    "exact, array": _exact,
    "fast": _fast,
    "decode": _decode,
    "levels": lambda: _levels("exact"),
    "levels, fast": lambda: _levels("fast"),
}


def _argument(tool: str, path: str) -> Any:
    if not tool.endswith(", array"):
        return path
    import numpy as np

    return np.load(path, allow_pickle=False)


def main() -> None:
    """Answer requests until there are no more."""
    if len(sys.argv) > 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(sys.argv[1])})
    # Standard output carries the answers: nothing else may write to it.
    answers, sys.stdout = sys.stdout, sys.stderr
    warnings.simplefilter("ignore")
    made: dict[str, Any] = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            name = request["tool"]
            if name not in made:
                made[name] = TOOLS[name]()
            tool, as_json = made[name]
            argument = _argument(name, request["path"])
            begun = time.perf_counter_ns()
            result = tool(argument)
            spent = time.perf_counter_ns() - begun
            answer: dict[str, Any] = {"ns": spent}
            if request.get("value", True):
                answer["value"] = as_json(result)
        except Exception as error:  # whatever a peer raises belongs to its request
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
