"""What a process and its children weigh while they work, and how much they work."""

import threading
from contextlib import suppress
from typing import Self

import psutil


def weight(process: psutil.Process) -> float:
    """Return the proportional set size (PSS) in MB, so that pages that several processes share count once."""
    return float(process.memory_full_info().pss) / 1e6


def worked(process: psutil.Process) -> float:
    """Return the seconds of CPU that a process and the children it has had have used, however busy the machine is."""
    return float(sum(process.cpu_times()[:4]))


ADVISORS = "multiprocessing"
"""In the command of the process in which embedded advisors live, and of its helper: they have no part in a photo."""


class Scales(threading.Thread):
    """Weighs a process and the children that work for it until told to stop; its advisors are apart.

    `every` (seconds): weighing stops the process for a moment, which whoever works for minutes would feel.
    """

    def __init__(self, process: psutil.Process | int, *, every: float = 0.02) -> None:
        super().__init__(daemon=True)
        self.every = every
        self.process = process if isinstance(process, psutil.Process) else psutil.Process(process)
        self.at_rest, self.most, self.of_child, self.of_advisors = weight(self.process), 0.0, 0.0, 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(self.every):
            with suppress(psutil.Error):
                own, command = weight(self.process), self.process.cmdline()
                children = advisors = 0.0
                for child in self.process.children():
                    with suppress(psutil.Error):
                        if ADVISORS in " ".join(child.cmdline()):
                            advisors += weight(child)
                        elif child.cmdline() != command:  # until it is another program, it borrows its parent's memory
                            children += weight(child)
                self.of_advisors = max(self.of_advisors, advisors)
                self.of_child = max(self.of_child, children)
                self.most = max(self.most, own + children)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.join()
