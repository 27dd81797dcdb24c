import os
import signal

import pytest

from bench.engine.signals import Terminated, terminated_as_exception


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_unwinds_with_the_shells_exit_code(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    unwound = []
    with pytest.raises(Terminated) as caught, terminated_as_exception():  # noqa: PT012
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            unwound.append(signal.getsignal(number))
    assert caught.value.code == 128 + number
    assert unwound == [signal.SIG_DFL]
    assert signal.getsignal(number) is before


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with terminated_as_exception():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
