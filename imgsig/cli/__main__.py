"""``python -m imgsig.cli``: the same as the command ``imgsig``."""

from imgsig.cli import main

main()
