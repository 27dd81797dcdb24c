"""A real Dask cluster of two processes on this machine."""

import builtins
import os

import numpy as np
import psutil
import pytest

from imgsig import ConfigError, generate_signature, sign_many
from imgsig.sign_many.cluster import AHEAD


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as started:
        yield started


def test_records_are_the_signatures_in_order(cluster, pictures, tmp_path):
    paths = [*pictures, str(tmp_path / "not"), *pictures]
    records = list(sign_many(paths, scheduler=cluster.scheduler_address))
    assert [record.path for record in records] == paths
    assert records[8].outcome == "missing"
    for record in records[:8] + records[9:]:
        np.testing.assert_array_equal(record.signature, generate_signature(record.path))


def test_no_more_files_are_taken_than_the_window(cluster, pictures):
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield pictures[0]

    records = sign_many(endless(), scheduler=cluster.scheduler_address)
    for yielded in range(1, 30):
        assert next(records).is_ok
        assert taken - yielded < AHEAD * 2
    records.close()


def test_a_killed_worker_loses_no_file(cluster, pictures):
    records = sign_many(pictures * 10, scheduler=cluster.scheduler_address)
    first = next(records)
    workers = [worker.pid for worker in cluster.workers.values()]
    children = psutil.Process(workers[0]).pid if workers[0] != os.getpid() else None
    assert children is not None
    psutil.Process(children).kill()
    rest = list(records)
    assert first.is_ok
    assert len(rest) == len(pictures) * 10 - 1
    assert all(record.is_ok for record in rest)


def test_a_cache_is_shared_by_the_workers(cluster, pictures, tmp_path):
    settings = {"scheduler": cluster.scheduler_address, "cache": tmp_path / "cache.sqlite"}
    assert not any(record.from_cache for record in sign_many(pictures, **settings))
    assert all(record.from_cache for record in sign_many(pictures, **settings))


@pytest.mark.slow
def test_no_scheduler_is_said(pictures):
    with pytest.raises(ConfigError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:9"):
        sign_many(pictures, scheduler="tcp://127.0.0.1:9")


def test_a_missing_extra_is_named(pictures, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "distributed":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError, match=r"pip install 'imgsig\[dask\]'"):
        sign_many(pictures, scheduler="tcp://127.0.0.1:9")
