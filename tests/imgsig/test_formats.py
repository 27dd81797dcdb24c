"""The formats that are read."""

from PIL import Image

from imgsig.formats import FORMATS

#: Given to other programs, or only recognised: Pillow cannot decode them by itself.
NOT_BY_ITSELF = {"EPS", "PDF", "WMF", "EMF", "MPEG", "GRIB", "BUFR", "HDF5"}


def test_pillow_knows_all_of_them():
    Image.init()
    assert set(FORMATS) <= set(Image.OPEN)


def test_none_is_given_to_another_program():
    assert not NOT_BY_ITSELF & set(FORMATS)
