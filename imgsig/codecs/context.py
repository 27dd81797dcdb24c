"""The codec ``context``: an entropy coder with a model of what signatures look like."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.ans import Decoder, encode
from imgsig.codecs.base import Codec
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import PRECISIONS, VALUES, load_model
from imgsig.codecs.packed import Packed
from imgsig.errors import CodecError, ConfigError
from imgsig.grid import Grid
from imgsig.strips import HalfStrip

#: Signatures coded side by side: many, for few calls, and few enough for the cache.
BLOCK = 4096


class Context(Codec):
    """Stores the free values by how likely each is, given those before it.

    The likelihoods come from a model that was trained on photographs and is part of the codec, see
    `imgsig.codecs.context_model`; decoding needs nothing else. Signatures that would take as many
    bytes as ``packed`` over the strip ``half`` are stored so, and those whose values do not mirror
    each other as ``packed`` over no strip. The size tells the three apart.

    What follows from the free values costs nothing anyway: every strip stores the same bytes. The
    model is one of the default grid and levels; others are refused with a `ConfigError`.
    """

    codec_id = "context"
    stored_type = bytes
    #: File of the model; another model is another codec.
    model_name: ClassVar[str] = "context_v1"

    def __init__(self, strip: str = "half", **grid: Any) -> None:
        super().__init__(strip, **grid)
        if self.grid != Grid() or self.n_levels != 2:
            raise ConfigError(
                f"codec {self.codec_id!r} has a model of n=9, 8 neighbours and n_levels=2 only; "
                "choose packed for other signatures"
            )
        self._half = HalfStrip(self.grid)
        self._packed = Packed("half")
        self._packed_size = len(self._packed.encode(np.zeros(self.grid.length, dtype=np.int8)))

    def encode_batch(self, signatures: ArrayLike) -> list[Any]:
        """Encode many signatures: ``int8[m, length]`` to m stored forms, as `encode` each."""
        values = self._checked(signatures)
        regular = self._half.is_regular(values)
        rows = np.flatnonzero(regular)
        stored: list[Any] = [None] * len(values)
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            for row, code in zip(block.tolist(), self._code(values[block]), strict=True):
                stored[row] = code if len(code) < self._packed_size else None
        long = [row for row, code in enumerate(stored) if code is None]
        # An irregular signature is stored unstripped by ``packed`` over ``half`` too.
        for row, form in zip(long, self._packed.encode_batch(values[long]), strict=True):
            stored[row] = form
        return stored

    def _code(self, signatures: NDArray[np.int8]) -> list[bytes]:
        """Codes of regular signatures."""
        model = load_model(self.model_name)
        values = self._half.keep(signatures)[:, edges().order].T
        planes = model.new_planes(len(signatures))
        planes[:, :-1] = values == VALUES[:, np.newaxis, np.newaxis]
        frequencies = np.empty(values.shape, dtype=np.uint32)
        starts = np.empty(values.shape, dtype=np.uint32)
        columns = np.arange(len(signatures))
        for step, value in enumerate(values):
            ends = model.cumulative(step, planes)
            index = (value.astype(np.intp) + 2) * len(columns) + columns
            starts[step] = ends.take(index)
            frequencies[step] = ends.take(index + len(columns)) - starts[step]
        return encode(frequencies, starts, PRECISIONS)

    def decode_batch(self, stored: Sequence[Any]) -> NDArray[np.int8]:
        """Decode many stored forms to ``int8[m, length]``, as `decode` each."""
        self._check_type(stored)
        sizes = np.fromiter(map(len, stored), dtype=np.intp, count=len(stored))
        signatures = np.empty((len(stored), self.grid.length), dtype=np.int8)
        coded = np.flatnonzero(sizes < self._packed_size)
        for start in range(0, len(coded), BLOCK):
            block = coded[start : start + BLOCK]
            signatures[block] = self._decode_codes([stored[row] for row in block.tolist()])
        packed = np.flatnonzero(sizes >= self._packed_size)
        if packed.size:
            forms = [stored[row] for row in packed.tolist()]
            signatures[packed] = self._packed.decode_batch(forms)
            if self.encode_batch(signatures[packed]) != forms:
                raise CodecError(f"{self!r} would have coded this signature shorter: not ours")
        return signatures

    def _decode_codes(self, codes: list[bytes]) -> NDArray[np.int8]:
        model = load_model(self.model_name)
        try:
            decoder = Decoder(codes)
        except ValueError as error:
            raise CodecError(f"{self!r} did not write this: {error}") from error
        planes = model.new_planes(len(codes))
        values = np.empty((len(edges().order), len(codes)), dtype=np.int8)
        for step in range(len(values)):
            values[step] = decoder.decode(model.cumulative(step, planes), PRECISIONS[step])
            values[step] -= 2
            planes[:, step] = values[step] == VALUES[:, np.newaxis]
        if not decoder.at_end().all():
            raise CodecError(f"{self!r} did not write this: it ends too early or too late")
        kept = np.empty((len(codes), len(values)), dtype=np.int8)
        kept[:, edges().order] = values.T
        return self._half.restore(kept)
