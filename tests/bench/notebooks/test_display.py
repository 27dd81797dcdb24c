"""What is shown is the same for the same data, and the data lie beside it."""

import io

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from bench.notebooks import display, say, show, show_table
from bench.notebooks.results import DATA_VARIABLE

TABLE = pd.DataFrame({"index": ["a<b"], "bytes": [1234.6], "speed": [np.nan]})


def drawn(count):
    """A line. And more."""
    figure = Figure(figsize=(8, 4))
    figure.subplots().plot(range(count))
    return figure, TABLE.head(count)


def test_a_figure_is_shown_with_words_and_its_data(tmp_path, monkeypatch):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    shown = []
    monkeypatch.setattr(display, "display", lambda *outputs: shown.extend(outputs))
    show("line", drawn, 1)
    picture, where = shown
    data, metadata = picture._repr_mimebundle_()
    with Image.open(io.BytesIO(data["image/png"])) as opened:
        assert opened.size == (1000, 500)
    assert data["text/plain"] == metadata["image/png"]["alt"] == "A line. And more."
    assert "(data/line.csv)" in where.data
    assert (tmp_path / "line.csv").read_text() == "index,bytes,speed\na<b,1234.6,\n"


def test_tables_are_escaped_and_rounded_and_the_same_every_time():
    html = show_table(TABLE)._repr_html_()
    assert html == show_table(TABLE)._repr_html_()
    for cell in ("a&lt;b", ">1,235<", ">–<"):
        assert cell in html
    assert "a<b" in repr(show_table(TABLE))


def test_names_in_sentences_are_no_markup():
    assert say(["tester_str costs $5.", "b"]).data == "- **tester\\_str costs \\$5.**\n- **b**"
