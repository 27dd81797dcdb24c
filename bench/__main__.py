"""``python -m bench``: the same as the command ``imgsig-bench``."""

from bench.cli import main

main()
