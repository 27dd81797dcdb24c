"""Every kind of page in a real browser: what it shows, how it is used, and what it leaves alone."""

from pathlib import Path

import axe_playwright_python
import pytest

from bench.compare.indices import Compared
from bench.compare.tables import comparison_page
from bench.index.storage import IndexSize

pytestmark = [pytest.mark.engine, pytest.mark.slow]

RESULTS = Path(__file__).parents[4] / "results"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "report",
    "score-or-distance",
    "where-do-the-bytes-go",
    "gallery",
    "sweep",
    "scale",
    "compare",
)
WITH_PLOTS = ("score-or-distance", "where-do-the-bytes-go", "sweep", "scale")


def compared(index: str, size: int) -> Compared:
    return Compared(
        index=index,
        size=IndexSize(
            documents=1000, deleted=0, segments=1, shards=1, replicas=0, store_bytes=size,
            translog_bytes=55,
        ),
        mappings={"properties": {index: {"type": "long"}}},
        fields={"path": {"points": size}},
        warnings=(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def pages(finished, tmp_path_factory) -> dict[str, Path]:
    """A page of every kind: of the made run, of the committed sweep and scale run, and compared."""
    folder = tmp_path_factory.mktemp("pages")
    drawn = {name: finished.folder.path / f"{name}.html" for name in PAGES[:4]}
    # As they are: that the code draws them so is tested in `test_committed`.
    drawn |= {kind: RESULTS / f"reference-{kind}" / "report.html" for kind in ("sweep", "scale")}
    drawn["compare"] = folder / "compare.html"
    page = comparison_page([compared("one", 200_000), compared("two", 100_000)], "8.18.0")
    drawn["compare"].write_text(page, encoding="utf-8")
    return drawn


@pytest.mark.parametrize("name", PAGES)
def test_the_page_stands_alone_and_fits(pages, open_page, name):
    assert pages[name].stat().st_size <= 1_500_000
    for width in (1280, 380):
        opened = open_page(pages[name], width=width)
        page = opened.page
        assert opened.misdeeds == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(
            "[...document.images].every(i => i.naturalWidth && i.alt.trim().length > 10)"
        )


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_against_wcag_aa(pages, open_page, name):
    page = open_page(pages[name]).page
    # Rows of a table are alike: axe takes half a minute for thousands of them.
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n+7)').forEach(r => r.remove())")
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
        violations = [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]]
        assert violations == [], scheme
        assert len(found["passes"]) > 5
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")


def column(page, table: str, place: int) -> list[str]:
    rows = page.locator(f"[role=region][aria-label='{table}'] tbody tr:visible")
    return rows.locator(f"td:nth-child({place})").all_inner_texts()


def first_numbers(texts: list[str]) -> list[float]:
    return [float(text.split()[0].replace(",", "")) for text in texts if text.strip() != "–"]


def test_tables_sort_by_click_and_by_key(pages, open_page):
    page = open_page(pages["sweep"]).page
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    name = "What each word tells"
    table = page.locator(f"[role=region][aria-label='{name}']")
    place = 1 + table.locator("th").all_inner_texts().index(
        next(t for t in table.locator("th").all_inner_texts() if t.startswith("word"))
    )
    heading = table.locator(f"th:nth-child({place})")
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    up = first_numbers(column(page, name, place))
    assert up == sorted(up)
    assert max(up) >= 10, "or text would have been sorted as well"
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert first_numbers(column(page, name, place)) == sorted(up, reverse=True)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert table.locator("[aria-sort]").count() == 1
    assert heading.get_attribute("aria-sort") is None


def test_intervals_sort_by_the_value_they_are_of(pages, open_page):
    page = open_page(pages["score-or-distance"]).page
    name = "Differences between rankings"
    before = first_numbers(column(page, name, 4))
    page.get_by_role("region", name=name).get_by_role("button", name="difference").click()
    after = first_numbers(column(page, name, 4))
    assert after == sorted(before)
    assert after != before


def test_long_tables_are_filtered(pages, open_page):
    page = open_page(pages["score-or-distance"]).page
    name = "Differences between rankings"
    rows = len(column(page, name, 1))
    box = page.get_by_role("searchbox", name=f"Filter {name}")
    box.fill("RECALL@1 signs")
    shown = column(page, name, 3)
    assert 0 < len(shown) < rows
    assert set(shown) == {"recall@1"}
    line = page.locator(".filter").filter(has=box)
    assert line.locator("output").inner_text() == f"{len(shown)} of {rows} rows"
    box.fill("")
    assert len(column(page, name, 1)) == rows


@pytest.mark.parametrize("name", WITH_PLOTS)
def test_plots_are_drawn_and_answer_to_keys_and_pointer(pages, open_page, name):
    page = open_page(pages[name]).page
    for figure in page.locator("figure.plot").all():
        live, said = figure.locator(".live"), figure.locator(".point")
        canvas = live.locator("canvas")
        assert canvas.bounding_box()["width"] > 600
        colors = canvas.evaluate(
            "c => new Set(new Uint32Array("
            "c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
        )
        assert colors > 20
        assert not figure.locator("img").is_visible()
        live.focus()
        page.keyboard.press("End")
        last = said.inner_text()
        page.keyboard.press("ArrowLeft")
        assert said.inner_text() == live.get_attribute("aria-valuetext") != last
        assert int(live.get_attribute("aria-valuenow")) < int(live.get_attribute("aria-valuemax"))
    if name == "scale":
        live.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        for x in range(60, int(box["width"]), 12):  # along the line until the pointer meets a point
            for y in range(20, int(box["height"]) - 50, 12):
                page.mouse.move(box["x"] + x, box["y"] + y)
                if page.locator("#vg-tooltip-element.visible").count():
                    assert "GB of primaries" in page.locator("#vg-tooltip-element").inner_text()
                    return
        pytest.fail("no point of the plot answered to the pointer")


@pytest.mark.parametrize("name", ["score-or-distance", "compare"])
def test_all_that_can_be_used_is_reached_by_tab_and_seen(pages, open_page, name):
    page = open_page(pages[name]).page
    wanted = page.locator(
        "main :is(a[href], button, input, summary, [tabindex='0']):visible"
    ).count()
    reached = 0
    for _ in range(wanted + 1):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => {const e = document.activeElement; if (e === document.body) return null;"
            "const s = getComputedStyle(e); return [s.outlineStyle, parseFloat(s.outlineWidth)]})()"
        )
        if style is None:
            break
        assert style[0] == "solid"
        assert style[1] >= 2
        reached += 1
    assert reached == wanted


@pytest.mark.parametrize("name", PAGES)
def test_print_shows_all_tables_and_pictures(pages, open_page, name):
    page = open_page(pages[name], dark=True).page
    page.emulate_media(media="print")
    assert page.evaluate(
        "[...document.querySelectorAll('table')].every(t =>"
        " t.tBodies[0].rows.length === [...t.tBodies[0].rows].filter(r => r.offsetHeight).length"
        " && getComputedStyle(t.parentElement).overflowX === 'visible')"
    )
    assert page.evaluate("[...document.images].every(image => image.offsetHeight > 20)")
    assert page.locator(".filter:visible, .live:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
