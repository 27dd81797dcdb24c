"""The fit against hand-made sizes, and against scipy's straight line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import linregress, t

from bench.runs.errors import MeasurementError
from bench.sizes.fit import fit_sizes, number_bytes, supported_models

SIZES = [5_000, 10_000, 20_000, 40_000, 68_000, 80_000, 100_000]


def sizes_of(slope: float, intercept: float, step: float, trend: float) -> list[int]:
    largest = SIZES[-1]
    return [
        round(n * (slope + step * (n > 65_536) + trend * np.log2(n / largest)) + intercept)
        for n in SIZES
    ]


@given(
    st.floats(50, 4000),
    st.floats(0, 100_000),
    st.floats(0, 100),
    st.floats(-30, 10),
)
def test_made_sizes_give_their_terms(slope, intercept, step, trend):
    fit = fit_sizes(SIZES, sizes_of(slope, intercept, step, trend))
    assert fit.model == "full"
    found = [fit.term(name).value for name in ("slope", "intercept", "step", "trend")]
    # Stores are rounded to whole bytes, which is 2e-4 of a byte a document at most.
    np.testing.assert_allclose(found, [slope, intercept, step, trend], rtol=1e-4, atol=10)
    np.testing.assert_allclose(np.delete(found, 1), [slope, step, trend], atol=0.01)


def test_a_line_is_that_of_scipy():
    documents = [1_000, 2_000, 4_000, 8_000, 16_000]
    stores = [345_000, 652_000, 1_241_000, 2_460_000, 4_820_000]
    fit = fit_sizes(documents, stores, model="line", confidence=0.9)
    x, y = 1 / np.array(documents), np.array(stores) / np.array(documents)
    line = linregress(x, y)
    quantile = t.ppf(0.95, df=3)
    slope, intercept = fit.term("slope"), fit.term("intercept")
    assert slope.value == pytest.approx(line.intercept)
    assert intercept.value == pytest.approx(line.slope)
    assert slope.high - slope.value == pytest.approx(quantile * line.intercept_stderr)
    assert intercept.value - intercept.low == pytest.approx(quantile * line.stderr)
    # The textbook's prediction interval at a further size.
    at = 1 / 32_000
    residual = y - line.intercept - line.slope * x
    spread = np.sqrt((residual**2).sum() / 3)
    leverage = 1 + 1 / 5 + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
    predicted = fit.predict(32_000)
    assert predicted.value == pytest.approx(line.intercept + line.slope * at)
    assert predicted.high - predicted.value == pytest.approx(quantile * spread * np.sqrt(leverage))
    assert fit.residual == pytest.approx(spread)
    mean = fit.predict(32_000, of_one_index=False)
    assert mean.high - mean.value == pytest.approx(quantile * spread * np.sqrt(leverage - 1))


def test_the_step_comes_again_where_numbers_take_four_bytes():
    fit = fit_sizes(SIZES, sizes_of(300, 50_000, 60, 0))
    before, after = fit.predict(2**24), fit.predict(2**24 + 1)
    assert after.value - before.value == pytest.approx(60, abs=0.01)
    assert before.value == pytest.approx(360, abs=0.05)


def test_a_trend_can_be_ended_at_the_largest_size():
    fit = fit_sizes(SIZES, sizes_of(300, 0, 60, -10))
    goes_on, ends = fit.predict(1_600_000), fit.predict(1_600_000, trend_goes_on=False)
    assert ends.value == pytest.approx(360, abs=0.05)
    assert goes_on.value == pytest.approx(320, abs=0.1)


def test_a_trend_is_believed_over_as_many_doublings_as_were_measured():
    fit = fit_sizes(SIZES, sizes_of(300, 0, 60, -10))
    measured = np.log2(100_000 / 5_000)
    assert fit.predict(10_000_000).value == pytest.approx(360 - 10 * measured, abs=0.1)


def test_number_bytes():
    assert number_bytes([1, 2**16, 2**16 + 1, 2**24, 2**24 + 1]).tolist() == [0, 0, 1, 1, 2]


def test_terms_need_sizes_that_tell_them_apart():
    assert supported_models([100, 200, 300]) == ["line"]
    assert supported_models(SIZES[:5]) == ["line"]  # one size beyond the step
    assert supported_models([10_000, 20_000, 70_000, 80_000]) == ["line", "step"]
    assert supported_models(SIZES) == ["line", "step", "full"]
    assert supported_models([*SIZES, 20_000_000]) == ["line", "step", "full"]
    assert supported_models([10_000, 20_000, 70_000, 20_000_000]) == ["line"]
    assert supported_models([n + 65_536 for n in SIZES]) == ["line"]
    assert supported_models([100, 200]) == []
    with pytest.raises(MeasurementError, match="three sizes"):
        fit_sizes([100, 200], [1, 2])
    with pytest.raises(MeasurementError, match="'full' has 4 terms"):
        fit_sizes([100, 200, 300], [1, 2, 3], model="full")
    assert np.isnan(fit_sizes([100, 200, 300], [1_000, 2_000, 3_001]).term("step").value)
