"""Notebooks as pages of the guide: as they were executed, with their code folded."""

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from guide.markdown import plain


def notebook_pages(notebooks: Path) -> dict[str, str | bytes]:
    """A page a notebook, and its pictures, by the names of their files."""
    made: dict[str, str | bytes] = {}
    for path in sorted(notebooks.glob("*.ipynb")):
        parts = []
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                parts.append(_linked(source))
                continue
            code = f"```python\n{source}\n```"
            parts.append(f"<details><summary>Code</summary>\n\n{code}\n\n</details>")
            for data in _shown(cell):
                name = f"{path.stem}-{len(made)}"
                if "image/png" in data:
                    made[f"{name}.png"] = base64.b64decode(data["image/png"])
                    parts.append(f"![{plain(data['text/plain'])}]({name}.png)")
                elif "text/html" in data:
                    parts.append(_table(data["text/html"], name))
                else:
                    parts.append(_linked(data.get("text/markdown", "")))
        made[f"{path.stem}.md"] = "\n\n".join(parts) + "\n"
    return made


def _shown(cell: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What a cell shows, by media type."""
    for output in cell["outputs"]:
        yield {kind: "".join(text) for kind, text in output.get("data", {}).items()}


def _table(html: str, name: str) -> str:
    """A table as the theme has them; all of a notebook have one id, and a page has many."""
    html = html.replace("T_shown", f"T_{name}").replace("<table ", '<table class="docutils" ')
    return f"````{{raw}} html\n<div class='table-wrapper docutils container'>\n{html}\n</div>\n````"


def _linked(text: str) -> str:
    """Links of a notebook from where its page is written."""
    for there, here in {"data/": "../../../../notebooks/data/", "../docs/": "../../../"}.items():
        text = text.replace(f"]({there}", f"]({here}")
    return text
