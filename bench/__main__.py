"""``python -m bench``: the same as the command ``imgsig-bench``."""

from imgsig_start import bench

bench()
