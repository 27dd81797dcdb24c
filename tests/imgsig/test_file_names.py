"""Every name is text, and every text is one name."""

import os

from hypothesis import example, given
from hypothesis import strategies as st

from imgsig.file_names import named_file, shown_name, written_name

#: Bytes of a name, with a preference for what escapes are made of.
NAMES = st.lists(st.sampled_from([b"\\", b"x", b"5", b"c", b"e9", b"\xe9", b"\xc3", b"\xa9"])).map(
    b"".join
) | st.binary().map(lambda name: name.replace(b"\0", b"").replace(b"/", b""))


@given(NAMES)
@example(b"caf\xe9.jpg")
@example(rb"caf\xe9.jpg")
@example(rb"caf\x5cxe9.jpg")
@example(b"\\x\xe9")
def test_a_written_name_is_utf8_and_gives_the_name_again(name):
    written = written_name(os.fsdecode(name))
    written.encode("utf-8")
    assert os.fsencode(named_file(written)) == name


@given(st.text().filter(lambda text: "\\x" not in text))
def test_text_is_written_as_it_is(name):
    if all(not "\ud800" <= character <= "\udfff" for character in name):
        assert written_name(name) == name


@given(NAMES | st.text().map(lambda name: name.encode("utf-8", "replace")))
def test_what_is_shown_is_one_line_that_a_terminal_does_not_obey(name):
    shown = shown_name(os.fsdecode(name))
    assert shown.isprintable()
    shown.encode("utf-8")
