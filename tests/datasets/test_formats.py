from datasets.formats import FORMATS
from imgsig.formats import FORMATS as SIGNED


def test_what_is_opened_is_what_can_be_signed():
    assert FORMATS == SIGNED
