"""How long the first and the second start take, and how much memory everything needs.

Method: a fresh clone of the committed HEAD in an empty folder; `./maintainuk up` until it says that it is ready
(downloads included, from whatever cache this machine has); stopped; the same again; 60 s later the proportional
set size (PSS) of the supervisor and all that it started, so that shared pages count once.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

CHECKOUT = Path(__file__).resolve().parents[1]
TARGETS = {"first run": (180, "s"), "second run": (6, "s"), "memory": (700, "MB")}


def main() -> None:
    print(__doc__)
    folder = Path(tempfile.mkdtemp(prefix="maintainuk-bench-"))
    folder.chmod(0o755)
    try:
        clone = folder / "clone"
        subprocess.run(["git", "clone", "--quiet", CHECKOUT, clone], check=True)
        _report("first run", _up(clone, rest=0)[0])
        took, memory = _up(clone, rest=60)
        _report("second run", took)
        _report("memory", memory)
    finally:
        shutil.rmtree(folder)


def _up(clone: Path, *, rest: float) -> tuple[float, float]:
    """Start, rest once ready, stop; return the seconds to readiness and the megabytes after the rest."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAINTAINUK_")}
    began = time.monotonic()
    with subprocess.Popen(
        [clone / "maintainuk", "up", "--port", str(_free_port())],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as started:
        for line in started.stdout:
            print("   ", line, end="")
            if "MaintainUK is ready" in line:
                break
        took = time.monotonic() - began
        time.sleep(rest)
        memory = _memory(psutil.Process(started.pid))
        started.send_signal(signal.SIGTERM)
        started.stdout.read()
    return took, memory


def _memory(root: psutil.Process) -> float:
    return sum(each.memory_full_info().pss for each in (root, *root.children(recursive=True))) / 1_000_000


def _report(name: str, value: float) -> None:
    most, unit = TARGETS[name]
    print(f"{name:<12} {value:8.1f} {unit}   (at most {most} {unit})")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


if __name__ == "__main__":
    main()
