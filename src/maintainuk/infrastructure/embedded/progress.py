import time

_began = time.monotonic()


def say(step: str) -> None:
    """Print a line of progress with the seconds since the command began."""
    print(f"{time.monotonic() - _began:6.1f} s  {step}", flush=True)  # noqa: T201 - the terminal is where it is read
