"""The configs are valid, and the indices of their runs have the names that are said."""

from fnmatch import fnmatch

import pytest

from bench.index.variant import scheme_variant
from bench.kinds.scale.config import Scale
from bench.kinds.scale.sizes import plan_jobs
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.grid import expand
from bench.runs.config_file import load_config
from tests.faults.small_kinds import KINDS, write_small_kind


@pytest.mark.parametrize("kind", KINDS)
def test_configs_are_valid_and_their_indices_named(kind, tmp_path):
    config, pattern = write_small_kind(tmp_path, kind, "made")
    if kind == "scale":
        jobs = [
            job
            for stage in plan_jobs(load_config(config, Scale), 100, tmp_path, "run")
            for job in stage
        ]
        names = [job.state.variant.index_name for job in jobs]
    else:
        sweep = load_config(config, Sweep)
        schemes = expand(sweep).schemes.values()
        names = [
            scheme_variant(one, layout.layout).index_name
            for one in schemes
            for layout in sweep.live.samples
        ]
    assert names
    assert all(fnmatch(name, pattern) for name in names)
