"""Whatever is done in whatever order, beside whatever indices: others' are left alone."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.compare.indices import compare_indices
from bench.engine import open_engine
from bench.index.build import create_index, delete_index
from bench.index.variant import Variant
from bench.runs.errors import IndexStateError
from tests.faults.bystanders import Bystanders
from tests.faults.harm import Watch, commands
from tests.faults.http_proxy import proxy_of
from tests.faults.injection import INDEX, RUN, build_and_search
from tests.shared import reached_at

pytestmark = pytest.mark.engine

LIKE_OURS = st.from_regex(rf"\A{INDEX}[a-z0-9_.-]{{1,6}}\Z")
STEPS = ("build", "build again", "drop", "drop for another run", "refused", "compare")
#: Steps that may write to what an earlier one has created.
OURS = STEPS[:3]


@pytest.mark.fault
def test_no_command_writes_to_an_index_it_did_not_create(own_engine, folder, expect):
    with proxy_of(own_engine.url) as proxy:
        for fault in commands(own_engine, proxy, folder):
            expect(fault)


@pytest.mark.slow
@given(st.permutations(STEPS), st.sets(LIKE_OURS, min_size=1, max_size=3))
@settings(max_examples=3)
def test_nothing_is_written_but_what_was_created(engine, order, names):
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        proxy = stack.enter_context(proxy_of(engine.url))
        others = Bystanders(engine.client, sorted(names), **{"of-another-run": "their-run"})
        stack.callback(others.remove)
        stack.callback(engine.client.indices.delete, index=INDEX, ignore_unavailable=True)
        watch = Watch(engine, proxy, others)
        seen = stack.enter_context(open_engine(folder, env=reached_at(proxy.url, engine)))
        for step in order:
            if step in ("build", "build again"):
                with TemporaryDirectory(dir=folder) as state:
                    build_and_search(seen, Path(state))
            elif step == "drop":
                delete_index(seen.client, INDEX, RUN)
            elif step == "drop for another run":
                delete_index(seen.client, INDEX, "our-run")
            elif step == "compare":
                compare_indices(seen.client, sorted(names), analyze=True)
            else:
                for name in (*names, "of-another-run"):
                    variant = Variant(20, 8, {"id": "none"}, name=name)
                    with pytest.raises(IndexStateError, match="left untouched"):
                        create_index(seen.client, variant, "our-run")
            fault = watch.judge(step, "", resumed=step in OURS)
            assert fault.ok, fault.happened
            proxy.use()
