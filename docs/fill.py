"""Make the figures in README anew from the committed results: ``python docs/fill.py``."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from guide.figures import BLOCKS  # noqa: E402
from guide.fill import fill  # noqa: E402

from bench.run_folder import write_bytes  # noqa: E402 - found by the path above

README = HERE.parent / "README.md"

if __name__ == "__main__":
    write_bytes(README, fill(README.read_text(encoding="utf-8"), BLOCKS).encode())
