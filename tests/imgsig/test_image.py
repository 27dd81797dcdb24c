"""What each kind of input becomes, and what is refused."""

import contextlib
import io
import os
import struct
import threading
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgsig import CorruptImageError, generate_signature
from imgsig.image import _QUIET, FORMATS, grey_levels


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "jpeg")
    return buffer.getvalue()


def test_path_bytes_and_file_object_agree(tmp_path, jpeg):
    path = tmp_path / "picture.jpg"
    path.write_bytes(jpeg)
    expected = grey_levels(path)
    with path.open("rb") as file:
        for other in (str(path), jpeg, bytearray(jpeg), memoryview(jpeg), file):
            np.testing.assert_array_equal(grey_levels(other), expected)


#: What Pillow can hold, and the modes that its levels are those of.
CONVERTED = {
    **dict.fromkeys(("1", "L", "I", "F", "I;16", "I;16L", "I;16B", "I;16N", "RGB", "RGBA"), ()),
    **dict.fromkeys(("P", "CMYK", "YCbCr", "LAB", "HSV", "RGBX"), ("RGB",)),
    **dict.fromkeys(("LA", "PA", "RGBa"), ("RGBA",)),
    "La": ("LA", "RGBA"),
}


def picture_of(mode: str) -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 4), dtype=np.uint8)
    if mode == "LAB":
        return Image.merge("LAB", Image.fromarray(pixels).split()[:3])
    if mode.startswith("I;16"):
        levels = pixels[:, :, 0].astype(">u2" if mode == "I;16B" else "<u2") * 257
        return Image.frombytes(mode, (64, 48), levels.tobytes())
    through = {"La": "LA", "PA": "P", "HSV": "RGB", "YCbCr": "RGB", "CMYK": "RGB"}
    picture = Image.fromarray(pixels)
    return (
        picture.convert(through[mode]).convert(mode) if mode in through else picture.convert(mode)
    )


@pytest.mark.parametrize("mode", Image.MODES)
def test_a_pillow_image_is_what_its_pixels_are(mode):
    picture = picture_of(mode)
    assert picture.mode == mode
    before = picture.tobytes()
    converted = picture
    for other in CONVERTED[mode]:
        converted = converted.convert(other)
    signature = generate_signature(picture)
    assert signature.any()
    np.testing.assert_array_equal(signature, generate_signature(np.asarray(converted)))
    assert (picture.mode, picture.tobytes()) == (mode, before)


def test_a_pillow_image_is_signed_as_its_file_at_its_frame(tmp_path, jpeg):
    with Image.open(io.BytesIO(jpeg)) as picture:
        np.testing.assert_array_equal(generate_signature(picture), generate_signature(jpeg))
        # Decoded before it came here: there is nothing to reduce.
        fast = generate_signature(picture, decode="fast")
        np.testing.assert_array_equal(fast, generate_signature(jpeg))
    with Image.open(io.BytesIO(jpeg)) as first:
        buffer = io.BytesIO()
        first.save(buffer, "tiff", save_all=True, append_images=[first.rotate(180)])
    with Image.open(buffer) as pages:
        pages.seek(1)
        turned = generate_signature(np.asarray(first.rotate(180)))
        np.testing.assert_array_equal(generate_signature(pages), turned)
        assert pages.tell() == 1


def test_a_pillow_image_that_cannot_be_decoded_is_named(tmp_path, jpeg):
    path = tmp_path / "cut.jpg"
    path.write_bytes(jpeg[:700])
    with Image.open(path) as picture, pytest.raises(CorruptImageError, match=r"cut\.jpg'.*trunc"):
        generate_signature(picture)
    with pytest.raises(CorruptImageError, match=r"cut\.jpg'"):  # closed by now
        generate_signature(picture)
    with pytest.raises(CorruptImageError, match="Pillow image has 20×30"):
        generate_signature(Image.new("L", (20, 30)), max_pixels=500)
    with pytest.raises(CorruptImageError, match="empty"):
        generate_signature(Image.new("RGB", (0, 30)))


def test_a_colour_that_is_declared_transparent_is_as_good_as_any():
    """As image-match reads it; blended over white it would be another picture."""
    pixels = np.random.default_rng(0).integers(0, 2, (48, 64, 1), dtype=np.uint8) * 200
    picture = Image.fromarray(pixels.repeat(3, axis=2))
    buffer = io.BytesIO()
    picture.save(buffer, "png", transparency=(200, 200, 200))
    np.testing.assert_array_equal(
        generate_signature(buffer.getvalue()), generate_signature(picture)
    )


def test_grey_files_keep_their_type_and_scale():
    levels = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, "png")
    decoded = grey_levels(buffer.getvalue())
    assert decoded.dtype == np.uint16
    np.testing.assert_array_equal(decoded, levels)


def test_alpha_is_blended_over_white():
    transparent = np.zeros((4, 5, 4), dtype=np.uint8)
    np.testing.assert_allclose(grey_levels(transparent), 1.0)


def test_cmyk_is_converted_to_rgb():
    rgb = Image.new("RGB", (8, 8), (10, 200, 90))
    buffer = io.BytesIO()
    rgb.convert("CMYK").save(buffer, "tiff")
    np.testing.assert_allclose(
        grey_levels(buffer.getvalue()), grey_levels(np.asarray(rgb)), atol=2 / 255
    )


def test_animated_picture_gives_its_first_frame():
    frames = [Image.new("RGB", (8, 8), color) for color in ("black", "white")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "gif", save_all=True, append_images=frames[1:])
    assert grey_levels(buffer.getvalue()).max() == 0


def test_exif_orientation_is_left_alone(jpeg):
    with Image.open(io.BytesIO(jpeg)) as picture:
        exif = picture.getexif()
        exif[0x112] = 6
        buffer = io.BytesIO()
        picture.save(buffer, "jpeg", exif=exif)
        assert grey_levels(buffer.getvalue()).shape == (48, 64)


def test_single_channel_and_boolean_arrays():
    mask = np.eye(6, dtype=bool)
    assert grey_levels(mask).dtype == np.bool_
    assert grey_levels(mask[:, :, np.newaxis].astype(np.uint8)).shape == (6, 6)


def test_text_file_named_jpg_is_corrupt(tmp_path):
    path = tmp_path / "notes.jpg"
    path.write_text("not a picture")
    with pytest.raises(CorruptImageError, match=r"notes\.jpg"):
        generate_signature(path)


@pytest.mark.parametrize("kept", [0, 1, 20, 200, 700])
def test_truncated_file_is_corrupt(jpeg, kept):
    assert kept < len(jpeg)
    with pytest.raises(CorruptImageError):
        generate_signature(jpeg[:kept])


def test_decompression_bomb_is_refused_before_it_is_unpacked():
    def chunk(kind: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + checksum

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 9))
    with pytest.raises(CorruptImageError, match="pixels"):
        generate_signature(bomb + chunk(b"IEND", b""))


def test_pixel_limit_names_the_remedy(jpeg):
    with pytest.raises(CorruptImageError, match="raise max_pixels"):
        generate_signature(jpeg, max_pixels=1000)


def test_missing_file_is_no_corrupt_image(tmp_path):
    with pytest.raises(FileNotFoundError):
        generate_signature(tmp_path / "missing.jpg")


def test_text_mode_file_and_foreign_types_are_type_errors(tmp_path):
    path = tmp_path / "text"
    path.write_text("x")
    with path.open() as file, pytest.raises(TypeError, match="binary mode"):
        grey_levels(file)
    with pytest.raises(TypeError, match="int"):
        grey_levels(7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((0, 5)), "empty"),
        (np.full((4, 4), np.nan), "NaN"),
        (np.zeros((4, 4, 5)), "height, width"),
        (np.zeros(4), "height, width"),
        (np.full((4, 4, 3), 255.0), "divide"),
        (np.array([["a", "b"]]), "numbers"),
    ],
)
def test_unusable_arrays_are_refused_with_the_reason(array, reason):
    with pytest.raises(CorruptImageError, match=reason):
        grey_levels(array)


@given(position=st.integers(0, 400), flips=st.binary(min_size=1, max_size=8))
def test_damaged_files_give_a_signature_or_a_clear_error(position, flips):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 24, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    data = bytearray(buffer.getvalue())
    data[position : position + len(flips)] = flips
    with contextlib.suppress(CorruptImageError):  # anything else fails the test
        assert generate_signature(bytes(data)).shape == (648,)


def test_postscript_is_refused_and_no_program_is_run(tmp_path, monkeypatch):
    ran = tmp_path / "ran"
    ghostscript = tmp_path / "gs"
    ghostscript.write_text(f'#!/bin/sh\ntouch "{ran}"\n')
    ghostscript.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr("PIL.EpsImagePlugin.gs_binary", None)
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "eps")
    with pytest.raises(CorruptImageError, match="none of the formats AVIF"):
        generate_signature(buffer.getvalue())
    assert not ran.exists()
    # The same file, given to Pillow as it comes, does run the program.
    with Image.open(io.BytesIO(buffer.getvalue())) as picture, contextlib.suppress(OSError):
        picture.load()
    assert ran.exists()


def test_layered_pictures_give_the_whole():
    planes = np.random.default_rng(0).integers(0, 256, (3, 9, 7), dtype=np.uint8)
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 9, 7, 8, 3) + bytes(14)
    expected = grey_levels(planes.transpose(1, 2, 0).copy())
    np.testing.assert_array_equal(grey_levels(head + planes.tobytes()), expected)


def test_a_picture_within_an_icon_counts_with_its_own_size():
    buffer = io.BytesIO()
    Image.new("L", (300, 200)).save(buffer, "png")
    png = buffer.getvalue()
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 24, len(png), 22)
    icon = struct.pack("<HHH", 0, 1, 1) + entry + png
    with pytest.raises(CorruptImageError, match="300×200"):
        generate_signature(icon, max_pixels=10_000)


#: Given to other programs, or only recognised: Pillow cannot decode them by itself.
NOT_BY_ITSELF = {"EPS", "PDF", "WMF", "EMF", "MPEG", "GRIB", "BUFR", "HDF5"}


def test_pillow_knows_all_of_them():
    Image.init()
    assert set(FORMATS) <= set(Image.OPEN)


def test_none_is_given_to_another_program():
    assert not NOT_BY_ITSELF & set(FORMATS)


def test_threads_that_overlap_leave_warnings_as_they_were(monkeypatch):
    within, may_leave = threading.Barrier(2), threading.Event()
    before = list(warnings.filters)

    def second() -> None:
        with _QUIET:
            within.wait(10)
            may_leave.wait(10)

    thread = threading.Thread(target=second)
    with _QUIET:
        thread.start()
        within.wait(10)
        warnings.warn("nobody hears it", stacklevel=1)
    may_leave.set()  # the first to come has left
    thread.join()
    assert list(warnings.filters) == before
