"""``python -m tools.fill``: puts figures of what was measured into README and the guide.

They stand between marks: ``<!-- made: NAME -->`` to ``<!-- /made -->``.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.runs.environment import ROOT
from bench.runs.folder import write_bytes

_MADE = re.compile(r"(<!-- made: (?P<name>[a-z-]+) -->\n)(?P<text>.*?)(<!-- /made -->)", re.DOTALL)


class UnknownPartError(ValueError):
    """A mark names a part that nothing makes."""


def fill(text: str, blocks: Mapping[str, Callable[[], str]]) -> str:
    """Make all marked parts of a text anew; `blocks` says what makes each."""

    def made(found: re.Match[str]) -> str:
        if found["name"] not in blocks:
            raise UnknownPartError(
                f"there is no part {found['name']!r}; there are {', '.join(blocks)}"
            )
        return f"{found[1]}{blocks[found['name']]()}{found[4]}"

    return _MADE.sub(made, text)


def stale(text: str, filled: str) -> list[str]:
    """What differs, a line each: where, what it says, what is right."""
    before, after = text.splitlines(), filled.splitlines()
    length = max(len(before), len(after))
    pairs = zip(
        before + [""] * (length - len(before)), after + [""] * (length - len(after)), strict=True
    )
    return [
        f"line {number}: says {said!r}, the results say {right!r}"
        for number, (said, right) in enumerate(pairs, 1)
        if said != right
    ]


def documents() -> dict[Path, Mapping[str, Callable[[], str]]]:
    """What is filled, and what makes its parts."""
    docs = ROOT / "docs"
    sys.path.insert(0, str(docs))
    from guide import (  # type: ignore[import-not-found]
        answer,
        claims,
        codecs,
        figures,
        nodes,
        pixel_types,
        sizes,
    )

    return {
        ROOT / "README.md": answer.BLOCKS,
        docs / "findings.md": {**answer.OF_FINDINGS, **figures.BLOCKS},
        docs / "which-codec.md": codecs.BLOCKS,
        docs / "which-hash.md": answer.OF_HASHES,
        docs / "turned-and-cropped.md": answer.OF_REMEDIES,
        docs / "at-what-size.md": sizes.OF_SIZES,
        docs / "how-to" / "plan-a-cluster.md": nodes.of_nodes(),
        docs / "explanation" / "image-match.md": pixel_types.BLOCKS,
        docs / "explanation" / "claims.md": claims.BLOCKS,
        docs / "explanation" / "score-and-distance.md": figures.OF_CUTOFFS,
    }


if __name__ == "__main__":
    for path, blocks in documents().items():
        write_bytes(path, fill(path.read_text(encoding="utf-8"), blocks).encode())
