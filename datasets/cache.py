"""Where downloads and unpacked programs are kept between runs."""

import os
from pathlib import Path

import platformdirs

APP = "imgsig-bench"


def cache_dir() -> Path:
    """Folder for everything that is fetched once and used by every run; created when missing.

    ``IMGSIG_BENCH_CACHE`` names it where it is set. Otherwise it is the user's cache folder, or for
    root the machine's: Elasticsearch refuses to run as root, and the unprivileged user it then runs
    as cannot read root's home.

    Returns
    -------
    Path
        An existing, absolute folder.
    """
    named = os.environ.get("IMGSIG_BENCH_CACHE")
    if named:
        folder = Path(named).expanduser().resolve()
    elif hasattr(os, "geteuid") and os.geteuid() == 0:
        folder = Path(platformdirs.site_cache_dir(APP))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # whatever the umask is: the unprivileged user must get in
    else:
        folder = Path(platformdirs.user_cache_dir(APP))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
