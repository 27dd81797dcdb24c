"""Cutoffs come from what was measured, and say how sure they are."""

import pytest

from imgsig import ConfigError
from imgsig.index import Cutoff, Identity
from imgsig.index.cutoffs import _measured, measured_cutoff

BITS = Identity.from_config({"layout": "vector_sign_flat", "codec": {"id": "context"}})
WORDS = Identity.from_config({"layout": "keyword_column", "words": {"N": 63, "k": 6}})


@pytest.mark.parametrize("identity", [BITS, WORDS])
def test_a_stricter_one_keeps_less(identity):
    loose, strict = (measured_cutoff(identity, wanted, background=3) for wanted in (0.9, 0.99))
    assert loose.value < strict.value
    assert loose.recall >= strict.recall
    for one in (loose, strict):
        assert one.precision_low <= one.precision <= one.precision_high
        assert one.arguments == {"rank": "margin", "min_margin": int(one.value), "background": 3}


def test_every_size_has_its_own():
    sizes = sorted({one.documents for name, one in _measured() if name == "272 bits"})
    assert len(sizes) >= 3
    found = [measured_cutoff(BITS, 0.9, background=3, documents=size) for size in sizes]
    assert [one.documents for one in found] == sizes
    between = measured_cutoff(BITS, 0.9, background=3, documents=sizes[0] + 1)
    assert between == found[1]
    beyond = [measured_cutoff(BITS, 0.9, background=3, documents=n) for n in (10**9, None)]
    assert beyond == [found[-1], found[-1]]


def test_distances_are_kept_below():
    identity = Identity.from_config({"codec": {"id": "context"}})
    found = measured_cutoff(identity, 0.9, rank="distance")
    assert found.arguments == {"rank": "distance", "max_distance": found.value}
    assert 0 < found.value < 1


@pytest.mark.parametrize(
    ("identity", "asked", "message"),
    [
        (
            BITS,
            {"precision": 0.5},
            "of 272 bits by margin for a precision of 0.5; measured",
        ),
        (BITS, {"precision": 0.9, "background": 99}, r"background 3\) for 0.9"),
        (Identity.from_config({"words": {"N": 9, "k": 9}}), {"precision": 0.9}, "it: nothing"),
        (Identity.from_config({"layout": "vector_byte_flat"}), {"precision": 0.9}, "not measured"),
        (
            Identity.from_config({"signature": {"identical_tolerance": 0.2}}),
            {"precision": 0.9},
            "of signatures of another configuration by margin",
        ),
        (
            Identity.from_config({"codec": {"id": "sign", "strip": "half"}}),
            {"precision": 0.9, "rank": "distance"},
            "of signatures as 'sign' gives them back by distance",
        ),
    ],
)
def test_what_was_not_measured_is_refused(identity, asked, message):
    with pytest.raises(ConfigError, match=message):
        measured_cutoff(identity, **asked)


def test_how_pixels_are_read_changes_no_cutoff():
    fast = Identity.from_config({"codec": {"id": "context"}, "signature": {"decode": "fast"}})
    usual = Identity.from_config({"codec": {"id": "context"}})
    assert measured_cutoff(fast, 0.9) == measured_cutoff(usual, 0.9)


def test_a_score_is_a_whole_number():
    score = Cutoff(20.0, "score", "", 0.9, 0.9, 0.8, 0.95, 0.5, 1000)
    assert score.arguments == {"rank": "score", "min_score": 20}
