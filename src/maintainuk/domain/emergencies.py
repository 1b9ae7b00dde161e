"""Whom to call when somebody may be in danger: data by nation, never written by AI (product specification §15)."""

from collections.abc import Mapping
from types import MappingProxyType

from maintainuk.domain.organisations import Nation

GREAT_BRITAIN_GAS = "0800 111 999"

GAS_EMERGENCY: Mapping[Nation, str] = MappingProxyType(
    {
        Nation.ENGLAND: GREAT_BRITAIN_GAS,
        Nation.WALES: GREAT_BRITAIN_GAS,
        Nation.SCOTLAND: GREAT_BRITAIN_GAS,
        Nation.NORTHERN_IRELAND: "0800 002 001",
    }
)
"""The national gas emergency services: free, day and night, piped natural gas."""
