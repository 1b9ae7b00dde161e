"""The commands people and containers type; each loads only what it runs, so that the first answer comes quickly."""

from maintainuk.cli import audit, documents, evaluate, exports, imports, keys, platform, privacy, processes, quality
from maintainuk.cli.app import app

__all__ = [
    "app",
    "audit",
    "documents",
    "evaluate",
    "exports",
    "imports",
    "keys",
    "platform",
    "privacy",
    "processes",
    "quality",
]
