"""Runs image-match's `SignatureES`, and writes down what it sends and what it returns.

A program, not a module: the peers' interpreter runs it, so it imports nothing of this project. It
reads a scenario from standard input, a list of ``{"parameters": …, "calls": [{"method": …,
"arguments": …}]}`` in JSON, and prints it with what came of each call: the requests that were sent,
and the result. An argument ``{"file": NAME}`` is the bytes of a file.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from image_match.elasticsearch_driver import (  # type: ignore[import-not-found]
    SignatureES,
)
from image_match.goldberg import ImageSignature  # type: ignore[import-not-found]


class OfGrey(ImageSignature):  # type: ignore[misc]
    """With today's scikit-image a grey array is refused; with that of its time it was left alone.

    Without this `search_image` finds nothing at all.
    """

    @staticmethod
    def preprocess_image(
        image_or_path: Any, bytestream: bool = False, handle_mpo: bool = False
    ) -> Any:
        """See `ImageSignature`."""
        if isinstance(image_or_path, np.ndarray) and image_or_path.ndim == 2:
            return image_or_path
        return ImageSignature.preprocess_image(image_or_path, bytestream, handle_mpo)


class Engine:
    """Takes what a client takes, and answers as an engine does to queries of words."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self._documents: list[tuple[str, dict[str, Any]]] = []

    def index(self, **sent: Any) -> None:
        """Keep a document under the next id."""
        sent["body"] = json.loads(json.dumps(sent["body"], default=lambda value: value.isoformat()))
        self._documents.append((f"id{len(self._documents)}", sent["body"]))
        self._note("index", sent)

    def search(self, **sent: Any) -> dict[str, Any]:
        """What has most words in common, or all documents of any other query."""
        self._note("search", sent)
        should = sent["body"]["query"].get("bool", {}).get("should", [])
        hits: list[dict[str, Any]] = []
        for key, source in self._documents:
            score = sum(_value(source, clause["term"]) for clause in should)
            if score or not should:
                hits.append({"_id": key, "_score": float(score), "_source": source})
        hits.sort(key=lambda hit: -hit["_score"])
        return {"hits": {"hits": hits[: sent.get("size", 10)]}}

    def delete(self, **sent: Any) -> None:
        """Forget a document."""
        self._documents = [one for one in self._documents if one[0] != sent["id"]]
        self._note("delete", sent)

    def _note(self, method: str, sent: dict[str, Any]) -> None:
        self.requests.append({"method": method, **json.loads(json.dumps(sent))})


def _value(source: dict[str, Any], term: dict[str, int]) -> bool:
    ((name, word),) = term.items()
    value: Any = source
    for part in name.split("."):
        value = value[part]
    return bool(value == word)


def _argument(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"file"}:
        return Path(value["file"]).read_bytes()
    return value


def main() -> None:
    """Run the scenario."""
    warnings.simplefilter("ignore")
    scenario = json.load(sys.stdin)
    for part in scenario:
        engine = Engine()
        driver = SignatureES(engine, **part["parameters"])
        driver.gis.__class__ = OfGrey
        for call in part["calls"]:
            engine.requests.clear()
            arguments = {name: _argument(value) for name, value in call["arguments"].items()}
            call["result"] = getattr(driver, call["method"])(**arguments)
            call["requests"] = list(engine.requests)
    json.dump(scenario, sys.stdout, default=float)


if __name__ == "__main__":
    main()
