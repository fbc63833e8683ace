"""An exception at Ctrl-C and other requests to end, so that a tool can clean up and say so."""

import contextlib
import signal
from collections.abc import Iterator

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Stopped(BaseException):
    """A signal asks this process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number  # as a shell reports it


@contextlib.contextmanager
def stopping_by_signals() -> Iterator[None]:
    """Raise Stopped in the block at the first Ctrl-C, request to end, or close of the terminal.

    More signals are ignored, also after the block: nothing interrupts the end of this process.
    """

    def stop(number: int, _frame: object) -> None:
        for one in handled:
            signal.signal(one, signal.SIG_IGN)
        raise Stopped(number)

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    # A shell ignores SIGINT for what runs in the background, and nohup ignores SIGHUP.
    handled = [one for one in numbers if signal.getsignal(one) != signal.SIG_IGN]
    for one in handled:
        signal.signal(one, stop)
    yield
