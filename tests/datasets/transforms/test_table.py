"""The table has every edit, under the name of its function."""

import inspect
import pkgutil
from importlib import import_module

import pytest

import datasets.transforms
from datasets.errors import TransformError
from datasets.transforms import Family, transform_families
from datasets.transforms.table import FAMILIES

FIXED = [family for family in FAMILIES if not family.takes_strength]


def edits() -> list[object]:
    """The functions of all modules that take what an edit takes."""
    modules = [
        import_module(f"datasets.transforms.{found.name}")
        for found in pkgutil.iter_modules(datasets.transforms.__path__)
    ]
    return [
        function
        for module in modules
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and list(inspect.signature(function).parameters) == ["image", "strength", "rng"]
    ]


def test_every_edit_is_registered() -> None:
    assert len(edits()) == len(FAMILIES)
    assert set(edits()) == {family.edit for family in transform_families().values()}


def test_each_family_has_the_name_of_its_function() -> None:
    for name, family in transform_families().items():
        assert family.edit.__name__ == name.replace("-", "_")
        assert family.edit.__module__.startswith("datasets.transforms.")
        assert family.edit.__doc__


def test_the_fixed_families() -> None:
    assert {f.family for f in FIXED} == {"identity", "mirror", "grey", "text", "png", "gif"}


@pytest.mark.parametrize("family", FIXED, ids=lambda family: family.family)
def test_id_and_config_are_the_family_alone(family: Family) -> None:
    transform = family()
    assert transform.id == family.family
    assert transform.get_config() == {"family": family.family}
    assert transform.strength == 0


@pytest.mark.parametrize("family", FIXED, ids=lambda family: family.family)
def test_a_strength_is_refused(family: Family) -> None:
    with pytest.raises(TransformError, match="takes no parameter, not strength"):
        family.from_config({"strength": 0})
