"""Transforms by their id, and sets of them by name."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from datasets.errors import TransformError
from datasets.transforms import (
    Family,
    get_transform,
    register_transform,
    transform_families,
    transform_set,
    transform_set_names,
)
from datasets.transforms.geometry import mirror

Jpeg = transform_families()["jpeg"]


def test_a_taken_family_is_refused() -> None:
    register_transform(replace(Jpeg))  # the same row again is no clash
    with pytest.raises(TransformError, match=r"belongs to jpeg of datasets\.transforms\.files"):
        register_transform(replace(Jpeg, edit=mirror))


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "jpeg",
        "jpeg-",
        "jpeg-0",
        "jpeg-101",
        "jpeg-30.5",
        "grey-1",
        "JPEG-30",
        "jpeg--30",
        "x-1",
        {"strength": 3},
        {"family": "jpeg"},
        {"family": "jpeg", "strength": "30"},
        {"family": "jpeg", "strength": 30, "q": 1},
        {"family": "jpeg", "strength": float("nan")},
    ],
)
def test_what_is_no_transform_is_refused_by_name(wrong: str | dict[str, Any]) -> None:
    with pytest.raises(TransformError, match=r"Known are identity, jpeg-1\.\.100"):
        get_transform(wrong)


def test_one_identity_for_one_edit() -> None:
    assert get_transform("jpeg-030").id == get_transform({"family": "jpeg", "strength": 30.0}).id


@pytest.mark.parametrize("wrong", [5, None, ["jpeg-30"]])
def test_neither_an_id_nor_a_config(wrong: object) -> None:
    with pytest.raises(TransformError, match="an id or a config"):
        get_transform(wrong)  # type: ignore[arg-type]


def test_registering_again_changes_nothing() -> None:
    before = transform_families()
    register_transform(Jpeg)
    assert transform_families() == before


@pytest.mark.parametrize("name", ["", "Jpeg", "jpeg-30", "-a", "a b", "a_b", "é"])
def test_a_family_that_no_id_could_name_is_refused(name: str) -> None:
    with pytest.raises(TransformError, match="lower-case"):
        register_transform(Family(name, mirror))
    assert name not in transform_families()


def test_the_registry_cannot_be_changed_from_outside() -> None:
    transform_families().clear()
    assert "jpeg" in transform_families()


@pytest.mark.parametrize("text", ["jpeg-30", "jpeg-30.0", "jpeg-030"])
def test_ids_of_the_same_number_are_the_same_transform(text: str) -> None:
    assert get_transform(text) == Jpeg(30)
    assert get_transform(text).id == "jpeg-30"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("sepia", "no such family"),
        ("sepia-3", "no such family"),
        ("", "an id is a family"),
        ("jpeg-", "an id is a family"),
        ("jpeg--3", "an id is a family"),
        ("jpeg-nan", "no such family"),
        ("jpeg-1e1", "an id is a family"),
        ("jpeg-٣", "an id is a family"),
        ("jpeg-30\n", "an id is a family"),
        ("jpeg", "needs a strength"),
        ("jpeg-0", "1 to 100"),
        ("jpeg-300", "1 to 100"),
        ("jpeg-" + "9" * 400, "1 to 100"),
        ("jpeg-3.5", "whole number"),
        ("crop-96", "0 to 95"),
        ("noise-0.00001", "4 decimals"),
        ("grey-2", "takes no parameter"),
        ({}, "no such family"),
        ({"family": 3}, "no such family"),
        ({"family": "jpeg"}, "needs a strength"),
        ({"family": "jpeg", "strength": "30"}, "must be a number"),
        ({"family": "jpeg", "strength": 30, "quality": 1}, "takes only strength, not quality"),
        ({"family": "grey", "strength": 1}, "takes no parameter"),
    ],
)
def test_errors_name_what_was_asked_why_not_and_what_there_is(
    wrong: str | dict[str, object], why: str
) -> None:
    with pytest.raises(TransformError, match=why) as raised:
        get_transform(wrong)
    message = str(raised.value)
    assert message.startswith(f"transform {wrong!r}: ")
    assert "jpeg-1..100" in message
    assert all(family in message for family in transform_families())


def test_a_config_is_not_changed() -> None:
    config = {"family": "jpeg", "strength": 30}
    assert get_transform(config) == Jpeg(30)
    assert config == {"family": "jpeg", "strength": 30}


Grey = transform_families()["grey"]


def test_the_sets() -> None:
    assert transform_set_names() == [
        "quick",
        "copydays-jpeg",
        "copydays-crop",
        "copydays-strong-like",
        "perception-v0",
        "everyday",
    ]


def test_copydays_has_the_published_qualities_and_shares() -> None:
    jpeg, crop = transform_set("copydays-jpeg"), transform_set("copydays-crop")
    assert {each.family for each in jpeg} == {"copydays-jpeg"}
    assert [each.strength for each in jpeg] == [75, 50, 30, 20, 15, 10, 8, 5, 3]
    assert {each.family for each in crop} == {"crop"}
    assert [each.strength for each in crop] == [10, 15, 20, 30, 40, 50, 60, 70, 80]


def test_copydays_strong_like_has_every_kind_twice() -> None:
    ids = "print-scan-1 print-scan-2 paint-10 paint-30 blur-4 blur-8 perspective-20 perspective-40"
    assert [each.id for each in transform_set("copydays-strong-like")] == ids.split()


def test_perception_has_its_ten() -> None:
    assert [each.id for each in transform_set("perception-v0")] == [
        "identity",
        "watermark-20",
        "blur-2",
        "vignette-1",
        "gamma-2",
        "jpeg-95",
        "letterbox-20",
        "trim-5",
        "grey-noise-0.2",
        "rotate-4",
    ]


def test_everyday_has_every_kind() -> None:
    ids = (
        "resize-50 resize-150 aspect-75 aspect-133 png webp-80 avif-50 gif grey contrast-0.6"
        " contrast-1.5 brightness-0.7 brightness-1.3 saturation-0.4 saturation-2 hue-30 sharpen-150"
        " text emoji-30 logo-30 border-5 rounded-corners-20 screenshot-25 collage-2 collage-4"
        " mirror rotate-1 rotate-2 rotate-5 turn-90 turn-180 thumbnail-64"
    )
    assert [each.id for each in transform_set("everyday")] == ids.split()


def test_only_everyday_has_what_the_signature_is_not_made_to_survive() -> None:
    for name in transform_set_names():
        families = {transform.family for transform in transform_set(name)}
        assert bool(families & {"mirror", "turn"}) == (name == "everyday")


def test_quick_goes_from_mild_to_strong() -> None:
    ids = [transform.id for transform in transform_set("quick")]
    assert 10 <= len(ids) <= 15
    assert {"jpeg-75", "jpeg-10"} <= set(ids)


@pytest.mark.parametrize("wrong", ["slow", [], ["grey", "grey"], ["jpeg-30", "jpeg-030"], None, 5])
def test_wrong_sets_are_refused(wrong: object) -> None:
    with pytest.raises(TransformError):
        transform_set(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", transform_set_names())
def test_every_set_holds_transforms_under_their_canonical_ids(name: str) -> None:
    transforms = transform_set(name)
    assert transform_set([each.id for each in transforms]) == transforms


def test_quick_is_what_it_was() -> None:
    # Results are compared by the name of the set: another content needs another name.
    assert [each.id for each in transform_set("quick")] == [
        "jpeg-75",
        "jpeg-30",
        "jpeg-10",
        "resize-50",
        "crop-10",
        "crop-30",
        "pad-10",
        "rotate-2",
        "blur-2",
        "noise-0.05",
        "gamma-2",
        "text",
    ]


def test_ids_and_configs_may_be_mixed_and_keep_their_order() -> None:
    mixed: list[str | Mapping[str, Any]] = ["grey", {"family": "jpeg", "strength": 30}]
    assert transform_set(mixed) == [Grey(), Jpeg(30)]
    assert transform_set(each for each in mixed) == [Grey(), Jpeg(30)]


@pytest.mark.parametrize("name", ["slow", "jpeg-30", ""])
def test_unknown_set_lists_the_sets(name: str) -> None:
    with pytest.raises(TransformError, match=r"the sets are .*quick"):
        transform_set(name)


@pytest.mark.parametrize("again", ["jpeg-30", "jpeg-30.0", {"family": "jpeg", "strength": 30}])
def test_a_transform_named_twice_is_refused(again: str | dict[str, object]) -> None:
    with pytest.raises(TransformError, match="named more than once: jpeg-30"):
        transform_set(["jpeg-30", "grey", again])


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(TransformError, match="at least one"):
        transform_set([])


def test_an_unknown_id_in_a_list_is_refused() -> None:
    with pytest.raises(TransformError, match="'sepia'"):
        transform_set(["jpeg-30", "sepia"])
