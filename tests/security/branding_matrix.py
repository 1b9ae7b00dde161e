"""Colour and logo, for the matrix of tests/security/test_idor.py."""

import base64
from typing import Any

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.permissions import Permission

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One pixel."""
BODIES: dict[str, Any] = {"chooseColour": {"colour": "#1f6f5c"}, "sendLogo": PNG, "removeLogo": {}}
NEEDS = dict.fromkeys((*BODIES, "readBranding"), Permission.SETTINGS_WRITE)
ONLY_FOR = {name: {BuiltInRole.ORG_ADMIN} for name in NEEDS}
