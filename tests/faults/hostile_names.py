"""Pictures with hostile names, and what became of the names on pages of results."""

from html.parser import HTMLParser
from pathlib import Path

from tests.faults.fault import Fault

#: Names that pages must show as text. What each would do if it were not: call ``planted()``. The
#: slash of an end tag is that of a folder whose name is ``<``.
HOSTILE = (
    "<img src=x onerror=planted(1)>.png",
    '"><svg onload=planted(2)>.png',
    "' onfocus='planted(3)' autofocus='.png",
    "javascript:planted(4).png",
    "{{7*7}}{% raise planted %}.png",
    "</script><script>planted(5)<!--.png",
    "\u202egnp.exe planted.png",
    "two\nlines planted.png",
)

#: Of script elements that hold data.
DATA = ("application/json", "text/plain")


def give_hostile_names(folder: Path) -> None:
    """Rename the pictures of a folder, in their order, as far as there are names."""
    for path, name in zip(sorted(folder.iterdir()), HOSTILE, strict=False):
        renamed = folder / name
        renamed.parent.mkdir(exist_ok=True)
        path.rename(renamed)


class _Pages(HTMLParser):
    """Finds elements, attributes and comments in which a hostile name became more than text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.offences: list[str] = []
        self.shown = set[str]()
        self._script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = (dict(attrs).get("type") or "code") if tag == "script" else None
        for name, value in attrs:
            calls = name.startswith("on") and "planted" in (value or "")
            address = name in ("href", "src", "action", "formaction", "xlink:href")
            links = address and (value or "").strip().lower().startswith("javascript:")
            if calls or links or "planted" in name:
                self.offences.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag: str) -> None:
        self._script = None

    def handle_comment(self, data: str) -> None:
        if "planted" in data:
            self.offences.append(f"<!-- {data.strip()[:60]}")

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            if "planted" in data and self._script not in DATA:
                self.offences.append(f"<script> {data.strip()[:60]}")
            return
        self.shown |= {name for name in HOSTILE if name in data}
        if "49{%" in data:
            self.offences.append("a template was evaluated")


def names_in_pages(folder: Path) -> Fault:
    """Read pages of results as a browser does, and look what became of hostile names."""
    offences, shown, pages = list[str](), set[str](), sorted(folder.rglob("*.html"))
    for page in pages:
        parser = _Pages()
        parser.feed(page.read_text(encoding="utf-8"))
        parser.close()
        offences += [f"{page.name}: {offence}" for offence in parser.offences]
        shown |= parser.shown
    return Fault(
        "security",
        f"a run on pictures with names such as {HOSTILE[0]} and {HOSTILE[5]}",
        "pages show them as text",
        ", ".join(offences[:5])
        or f"{len(shown)} of {len(HOSTILE)} names shown as text on {len(pages)} pages",
        bool(pages) and bool(shown) and not offences,
    )
