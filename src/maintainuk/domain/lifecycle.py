"""Lifecycles as tables: which command leads from which state to which (product specification §6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)
Command = TypeVar("Command", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """Where a command may be given, and where it leads; without a target the state stays."""

    sources: frozenset[State]
    target: State | None = None


def step(*sources: State | Iterable[State], to: State | None = None) -> Step[State]:
    """Return the step from any of these states."""
    states: set[State] = set()
    for source in sources:
        if isinstance(source, StrEnum):
            states.add(source)
        else:
            states.update(source)
    return Step(frozenset(states), to)


class Lifecycle(Generic[State, Command]):
    """A thing's commands, in the order people are offered them."""

    def __init__(self, steps: Mapping[Command, Step[State]]) -> None:
        self.steps = steps

    def allowed(self, state: State) -> tuple[Command, ...]:
        """Return the commands that may be given in this state."""
        return tuple(command for command, one in self.steps.items() if state in one.sources)

    def after(self, command: Command, state: State) -> State | None:
        """Return the state that a command leads to, or nothing when it may not be given now."""
        one = self.steps[command]
        if state not in one.sources:
            return None
        return one.target or state
