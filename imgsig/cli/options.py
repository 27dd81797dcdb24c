"""Options that several commands share."""

from pathlib import Path

import click

#: A picture file that is there.
IMAGE = click.Path(exists=True, dir_okay=False, path_type=Path)

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")

QUIET = click.option(
    "--quiet", "-q", is_flag=True, help="Show no progress: only the result, or the error."
)
