"""Figures beside what is promised of them."""

from dataclasses import dataclass, field

import psutil


def load() -> str:
    """How busy the machine is: no figure means anything without it."""
    return f"load {psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores"


@dataclass
class Promised:
    """Keeps count of what was missed."""

    missed: list[str] = field(default_factory=list)

    def at_most(self, most: float, unit: str, what: str, value: float, *, digits: int = 2) -> str:
        """Return `value` with its promise and a verdict, in words."""
        return f"{value:.{digits}f} {unit} (at most {most:g} {unit}) {self._verdict(what, is_kept=value <= most)}"

    def at_least(self, least: float, what: str, value: float) -> str:
        """Return `value` with its promise and a verdict, in words."""
        return f"{value:.0f} (at least {least:g}) {self._verdict(what, is_kept=value >= least)}"

    def _verdict(self, what: str, *, is_kept: bool) -> str:
        if not is_kept:
            self.missed.append(what)
        return "ok" if is_kept else "MISSED"

    def settle(self) -> None:
        """End the run: with an exit code that says whether all was kept."""
        if self.missed:
            raise SystemExit(f"\nMissed: {', '.join(self.missed)}")
