"""The context codec's entropy coder against the library constriction, on the same likelihoods."""

from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from constriction import stream  # type: ignore[import-untyped]
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.kinds.codecs.speed import repeated
from bench.kinds.context_model import coded_values
from bench.runs.errors import MeasurementError
from imgsig.codecs.ans import Decoder, encode
from imgsig.codecs.context import Context
from imgsig.codecs.context_model import PRECISIONS, VALUES, load_model


def time_coders(signatures: NDArray[np.int8]) -> pd.DataFrame:
    """Code regular signatures, ``int8[m, 648]``, by both coders, all likelihoods given.

    constriction codes one signature after the other, which is how its coders work; decoding a
    context model by it would take a call for every value, so both decode with likelihoods given.

    One row a repeat; ``bytes`` are those of all signatures together.
    """
    model = load_model(Context.model_name)
    symbols = (coded_values(signatures)[:, :-1].T + np.int8(2)).astype(np.int32)
    planes = model.new_planes(len(signatures))
    planes[:, :-1] = symbols - 2 == VALUES[:, np.newaxis, np.newaxis]
    ends = np.array([model.cumulative(step, planes) for step in range(len(symbols))])
    starts = np.take_along_axis(ends, symbols[:, np.newaxis], 1)[:, 0]
    shares = np.take_along_axis(ends, symbols[:, np.newaxis] + 1, 1)[:, 0] - starts
    totals = 2.0 ** np.array(PRECISIONS)[:, np.newaxis, np.newaxis]
    likely = np.ascontiguousarray((np.diff(ends, axis=1) / totals).transpose(2, 0, 1), np.float32)
    family = stream.model.Categorical(perfect=False)
    columns = np.ascontiguousarray(symbols.T)

    def ours() -> list[bytes]:
        return encode(shares, starts, PRECISIONS)

    def ours_back() -> NDArray[np.int32]:
        decoder = Decoder(codes)
        steps = zip(ends, PRECISIONS, strict=True)
        return np.array([decoder.decode(step, precision) for step, precision in steps]).T

    def theirs() -> list[NDArray[np.uint32]]:
        found = []
        for row, probabilities in zip(columns, likely, strict=True):
            coder = stream.stack.AnsCoder()
            coder.encode_reverse(row, family, probabilities)
            found.append(coder.get_compressed())
        return found

    def theirs_back() -> NDArray[np.int32]:
        return np.array(
            [
                stream.stack.AnsCoder(c).decode(family, p)
                for c, p in zip(their_codes, likely, strict=True)
            ]
        )

    samples: list[dict[str, Any]] = []
    with threadpool_limits(1):
        codes, their_codes = ours(), theirs()
        for name, forward, back, taken in (
            ("imgsig.codecs.ans", ours, ours_back, sum(map(len, codes))),
            (
                f"constriction {version('constriction')}",
                theirs,
                theirs_back,
                sum(code.nbytes for code in their_codes),
            ),
        ):
            if not np.array_equal(back(), columns):
                raise MeasurementError(f"{name} does not give back what it was given")
            of = {"coder": name, "signatures": len(columns), "bytes": taken}
            for what, action in (("encode", forward), ("decode", back)):
                samples += [
                    {**of, "what": what, "repeat": i, "seconds": seconds}
                    for i, seconds in enumerate(repeated(action))
                ]
    return pd.DataFrame(samples)


def coders_table(samples: pd.DataFrame) -> pd.DataFrame:
    """One row a coder: mean bytes, and signatures a second of the median repeat."""
    records = []
    for name, own in samples.groupby("coder", sort=False):
        count = own["signatures"].iloc[0]
        record = {"coder": name, "bytes": own["bytes"].iloc[0] / count}
        for what, times in own.groupby("what", sort=False):
            record[f"{what}_per_s"] = count / np.median(times["seconds"].to_numpy())
        records.append(record)
    return pd.DataFrame(records)
