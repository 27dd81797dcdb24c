"""Where the bytes go with each codec, all else being equal."""

from bench.report.drawing import Drawn
from bench.report.figures import bytes_of_fields
from bench.report.stacked import stacked_bytes
from bench.runs.folder import RunFolder


def bytes_by_codec(folder: RunFolder) -> Drawn:
    """Bars of bytes a document for every codec that signatures are stored with, largest first.

    Indices are called by their codec, those with a name of their own by that too.
    """
    fields, measured = bytes_of_fields(folder)
    variants = folder.table("variants").set_index("variant")
    names = {
        str(name): str(label) if str(name).startswith("n") else f"{label} ({name})"
        for name, label in variants["codec_label"].items()
    }
    fields["index"] = fields["index"].map(names)
    return stacked_bytes(
        fields, measured.rename(index=names).sort_values(ascending=False, kind="stable")
    )
