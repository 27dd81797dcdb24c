"""Reference of codecs, strips, layouts and transforms, from their registries."""

import numpy as np

from bench.evaluate import measures
from bench.evaluate.measures import MEASURES
from datasets.transforms import get_transform, transform_families, transform_set_names
from datasets.transforms import transform_set as set_of
from guide.markdown import markdown, summary, table
from imgsig.codecs import codec_ids, get_codec
from imgsig.layouts.table import ALL, REFUSED
from imgsig.strips import STRIPS, get_strip


def codecs_page() -> str:
    """Codecs and strips, with the size of one made signature."""
    rng = np.random.default_rng(0)
    half = get_strip("half")
    made = half.restore(rng.integers(-2, 3, (1, half.count), dtype=np.int8))[0]
    rows = []
    for codec_id in codec_ids():
        codec = get_codec({"id": codec_id} | ({} if codec_id == "none" else {"strip": "half"}))
        stored = codec.encode(made)
        rows.append(
            (
                f"`{codec_id}`",
                _first_line(type(codec)),
                codec.stored_type.__name__,
                "yes" if codec.lossless else "no",
                0 if stored is None else len(stored),
            )
        )
    strips = [
        (f"`{name}`", get_strip(name).count, _first_line(strip)) for name, strip in STRIPS.items()
    ]
    return (
        "# Codecs and strips\n\nWhich to take: [Which codec?](../../which-codec.md)\n\n"
        "## Codecs\n\n"
        "The last column is the length of the stored form (bytes, characters or numbers in the "
        "list) of one made signature of uniformly random values, over the strip `half`; pictures "
        "take less where a codec compresses.\n\n"
        + table(["id", "what it does", "stored as", "lossless", "length"], rows, "    r")
        + "\n## Strips\n\n"
        + table(["id", "values kept", "which"], strips, " r")
    )


def layouts_page() -> str:
    """Layouts, and those that are refused."""
    rows = [
        (
            f"`{one.layout_id}`",
            one.summary,
            one.signature.place,
            one.path.replace("_", " "),
            one.source,
        )
        for one in ALL
    ]
    refused = [(f"`{name}`", why) for name, why in REFUSED.items()]
    return (
        "# Layouts\n\nHow a document becomes the fields of an index. Take one by its id, as "
        "`layout: tagged_column` in a config.\n\n"
        + table(["id", "what it is", "signature", "path", "`_source`"], rows)
        + "\nNot offered:\n\n"
        + table(["id", "why"], refused)
    )


def transforms_page() -> str:
    """Families of edits and named sets of them."""
    families = []
    for name, family in transform_families().items():
        low, high = family.limits
        strength = f"{low:g} to {high:g}, {family.meaning}" if family.takes_strength else "–"
        example = f"{name}-{family.typical:g}" if family.takes_strength else name
        families.append(
            (f"`{name}`", _first_line(family.edit), strength, f"`{get_transform(example).id}`")
        )
    sets = [
        (f"`{name}`", ", ".join(f"`{one.id}`" for one in set_of(name)))
        for name in transform_set_names()
    ]
    return (
        "# Transforms\n\nEdits that make a query of an original. A config names a set "
        "(`transforms: quick`) or lists ids (`transforms: [jpeg-30, crop-10]`).\n\n## Families\n\n"
        + table(["family", "what it does", "strength", "such as"], families)
        + "\n## Sets\n\n"
        + table(["set", "transforms"], sets)
    )


def measures_page() -> str:
    """The measures, from their declarations, and what holds of all of them."""
    named: dict[str, list[str]] = {}
    for measure in MEASURES:
        named.setdefault(measure.says, []).append(measure.headline)
    better = {True: "more", False: "less", None: "–"}
    of = {measure.says: better[measure.higher_is_better] for measure in MEASURES}
    rows = [
        (", ".join(f"`{name}`" for name in names), markdown(says), of[says])
        for says, names in named.items()
    ]
    _, *paragraphs = (measures.__doc__ or "").strip().split("\n\n")
    return (
        "# Measures\n\n"
        + table(["measure", "what it is", "better"], rows)
        + "\n"
        + "\n\n".join(markdown(" ".join(each.split())) for each in paragraphs)
        + "\n"
    )


def _first_line(described: object) -> str:
    own = summary(described.__doc__)
    return own.split(". ")[0].rstrip(".")
