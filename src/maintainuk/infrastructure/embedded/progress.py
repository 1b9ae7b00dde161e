import contextlib
import time

_began = time.monotonic()


def say(step: str) -> None:
    """Print a line of progress with the seconds since the command began."""
    show(f"{time.monotonic() - _began:6.1f} s  {step}")


def show(text: str) -> None:
    """Print for people; a terminal that was closed meanwhile must not keep us from stopping in order."""
    with contextlib.suppress(OSError):
        print(text, flush=True)  # noqa: T201 - the terminal is where it is read
