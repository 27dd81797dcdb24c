import pandas as pd

from bench.kinds.sweep.word_figures import FIGURES, chosen_words, word_positions
from bench.report.drawing import write_figures
from bench.runs.folder import RunFolder


def made(path) -> RunFolder:
    folder = RunFolder(path)
    words = pd.DataFrame(
        {
            "variant": ["63x16"] * 3 + ["100x10"] * 3,
            "word": [0, 1, 2] * 2,
            "position": [0, 10, 20, 0, 6, 12],
            "collision_bits": [9.0, 10, 11, 7, 8, 9],
            "matches_at_100000000": [1e5, 1e4, 1e3, 1e6, 1e5, 1e4],
            "repeated_right": [0.5, 0.4, float("nan"), 0.6, 0.7, 0.8],
        }
    )
    row = {"greedy": 0.6, "greedy_low": 0.5, "greedy_high": 0.7}
    row |= {"even": 0.5, "even_low": 0.4, "even_high": 0.6}
    greedy = pd.DataFrame(
        [{"N": N, "measure": name, **row} for N in (8, 16) for name in ("uAP", "recall@1")]
    )
    folder.write_table("words", words)
    folder.write_table("greedy", greedy)
    return folder


def test_figures_are_written_with_their_data(tmp_path):
    folder = made(tmp_path)
    svgs = write_figures(folder, FIGURES)
    assert set(svgs) == {"word_positions", "chosen_words"}
    again = write_figures(folder, FIGURES)
    assert svgs == again
    data = pd.read_csv(folder.path / "figures" / "chosen_words.csv")
    assert len(data) == 4


def test_every_scheme_and_measure_is_drawn(tmp_path):
    folder = made(tmp_path)
    figure, data = word_positions(folder)
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == [
        "63x16",
        "100x10",
    ]
    assert list(data.columns)[:3] == ["variant", "word", "position"]
    figure, _ = chosen_words(folder)
    assert len(figure.axes) == 2  # of the measures that are known
    drawn = figure.axes[0].containers
    assert [bars.get_label() for bars in drawn] == ["evenly spaced", "chosen greedily"]
