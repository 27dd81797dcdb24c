"""Make the figures in README and the guide anew from what was measured: ``python docs/fill.py``."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from guide import figures, pixel_types  # noqa: E402
from guide.fill import fill  # noqa: E402

from bench.runs.folder import write_bytes  # noqa: E402 - found by the path above

#: What is filled, and with what.
FILLED = {
    HERE.parent / "README.md": figures.BLOCKS,
    HERE / "explanation" / "image-match.md": pixel_types.BLOCKS,
}

if __name__ == "__main__":
    for path, blocks in FILLED.items():
        write_bytes(path, fill(path.read_text(encoding="utf-8"), blocks).encode())
