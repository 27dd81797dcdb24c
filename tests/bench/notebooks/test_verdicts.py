"""Sentences quote their tables."""

from bench.notebooks.results import run
from bench.notebooks.verdicts import codec_index_verdict


def test_what_a_codec_saves_of_an_index():
    folder = run("reference-codecs")
    sentence = codec_index_verdict(folder)
    variants = folder.table("variants")
    lossless = variants[~variants["codec"].isin(["none", "sign"])]
    for size in (
        variants["bytes_per_document"].iloc[0],
        lossless["bytes_per_document"].min(),
        variants.loc[variants["codec"] == "none", "bytes_per_document"].min(),
    ):
        assert f"{size:,.0f}" in sentence
