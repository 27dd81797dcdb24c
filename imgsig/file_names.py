r"""File names as text, whatever bytes they hold.

A name of a file may be any bytes, text is UTF-8. Bytes that are no UTF-8 are written ``\xNN``; so
that this can be undone, a backslash that such a code would follow is written ``\x5c``. Every other
name is written as it is.
"""

import os
import re

_CODE = re.compile(rb"\\x([0-9a-f]{2})")


def written_name(path: str | os.PathLike[str]) -> str:
    r"""The name of a file as text that every encoder takes.

    >>> print(written_name(os.fsdecode(b"caf\xe9.jpg")), written_name("café.jpg"))
    caf\xe9.jpg café.jpg
    >>> print(written_name(r"caf\xe9.jpg"))
    caf\x5cxe9.jpg
    """
    escaped = re.sub(rb"\\(?=x[0-9a-f]{2})", rb"\\x5c", os.fsencode(path))
    return escaped.decode("utf-8", errors="backslashreplace")


def named_file(written: str) -> str:
    r"""The path that `written_name` wrote so, to open the file.

    >>> os.fsencode(named_file(r"caf\xe9.jpg"))
    b'caf\xe9.jpg'
    """
    return os.fsdecode(_CODE.sub(lambda found: bytes.fromhex(found[1].decode()), written.encode()))


def shown_name(path: str | os.PathLike[str]) -> str:
    r"""The name of a file for a terminal: on one line, and nothing in it is obeyed or reordered.

    >>> print(shown_name("two\nlines \u202e.jpg"))
    two\nlines \u202e.jpg
    """
    return on_one_line(written_name(path))


def on_one_line(written: str) -> str:
    r"""What `written_name` wrote, for people to read: nothing in it is obeyed or reordered.

    >>> print(on_one_line("two\nlines \u202e.jpg"))
    two\nlines \u202e.jpg
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in written)
