"""How progress is shown: as the command ``imgsig`` shows it."""

from imgsig.cli.progress import make_progress

__all__ = ["make_progress"]
