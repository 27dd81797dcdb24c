"""Names that are meant to be run are shown as text."""

import json
import shutil

import pandas as pd
import pytest

from bench.kinds.registry import get_kind
from bench.kinds.run import write_report
from bench.runs.folder import RunFolder, write_json, write_parquet

pytestmark = [pytest.mark.engine, pytest.mark.slow]

SCRIPT = "</script></style><script>window.hit = alert(1)</script>"
FILE = f'{SCRIPT}"><img src=x onerror="alert(2)">\n\u202e<!--{{{{ 7*7 }}}} & \'javascript:alert(3)'
INDEX = "<img src=x onerror=alert(4)>\"'&${alert(5)}"
PAGES = ("report", "score-or-distance", "where-do-the-bytes-go", "gallery")


@pytest.fixture(scope="module")
def hostile(finished, tmp_path_factory) -> RunFolder:
    """The made run, with names that nobody good would give."""
    path = tmp_path_factory.mktemp("hostile") / "run"
    shutil.copytree(finished.folder.path, path)
    folder, named = RunFolder(path), {"made_array": INDEX}
    manifest = json.loads(json.dumps(folder.manifest()).replace("made_array", "INDEX"))
    manifest["title"] = manifest["config_text"] = manifest["dataset"]["collection"] = FILE
    for variant in manifest["config"]["variants"]:
        variant["index"] = variant["index"].replace("INDEX", INDEX)
    for parquet in path.glob("*.parquet"):
        table = pd.read_parquet(parquet)
        for column in ("variant", "variant_a", "variant_b", "ranks_as"):
            if column in table:
                table[column] = table[column].replace(named)
        for column in ("original", "query_original", "doc_original", "path", "transform"):
            if column in table and parquet.stem == "gallery":
                table[column] = FILE
        if parquet.stem in manifest["tables"]:  # what the manifest says of it is looked at
            manifest["tables"][parquet.stem] = folder.write_table(parquet.stem, table)
        else:
            write_parquet(parquet, table)
    write_json(path / "manifest.json", manifest)
    for data in (path / "figures").glob("*.csv"):
        table = pd.read_csv(data)
        table.replace(named).to_csv(data, index=False)
    (path / "indices" / "made_array.json").rename(path / "indices" / f"{INDEX}.json")

    def as_they_are(folder: RunFolder, drawings) -> dict[str, bytes]:
        return {name: (path / "figures" / f"{name}.svg").read_bytes() for name in drawings}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bench.kinds.run.write_figures", as_they_are)
        write_report(get_kind("experiment"), folder, manifest)
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_and_all_is_shown(hostile, open_page, name):
    opened = open_page(hostile.path / f"{name}.html")
    page = opened.page
    for live in page.locator(".live").all():
        live.press("End")
    assert opened.misdeeds == []
    assert page.evaluate("window.hit === undefined")
    assert page.locator("img[src=x]").count() == 0
    assert page.evaluate(
        "[...document.scripts].every(s => !s.textContent.startsWith('window.hit'))"
    )
    shown = page.evaluate("document.body.textContent")
    assert SCRIPT in shown
    assert "{{ 7*7 }}" in shown
    assert "\u202e" in shown
    if name != "gallery":
        assert INDEX in shown
    assert page.evaluate("[...document.links].every(a => a.protocol === 'file:')")
