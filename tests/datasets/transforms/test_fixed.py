import pytest

from datasets.errors import TransformError
from datasets.transforms import FixedTransform, transform_families

FIXED = [f for f in transform_families().values() if issubclass(f, FixedTransform)]


def test_the_fixed_families() -> None:
    assert {f.family for f in FIXED} == {"identity", "mirror", "grey", "text", "png", "gif"}


@pytest.mark.parametrize("family", FIXED)
def test_id_and_config_are_the_family_alone(family: type[FixedTransform]) -> None:
    transform = family()
    assert transform.id == family.family
    assert transform.get_config() == {"family": family.family}
    assert transform.strength == 0


@pytest.mark.parametrize("family", FIXED)
def test_a_strength_is_refused(family: type[FixedTransform]) -> None:
    with pytest.raises(TransformError, match="takes no parameter, not strength"):
        family.from_config({"strength": 0})
