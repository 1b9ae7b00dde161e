"""Whatever the audit log may say has words on the page that shows it."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import maintainuk
from maintainuk.application.reactions import REACTIONS

SOURCE = Path(maintainuk.__file__).parent
CATALOGUE = SOURCE.parents[1] / "apps/web/src/app/features/audit/en.json"


def actions(tree: ast.AST) -> Iterator[str]:
    """The literals with which `audit` is called, also where one of two is chosen."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "audit":
            for part in ast.walk(call.args[0]) if call.args else ():
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def test_each_action_has_words() -> None:
    known = json.loads(CATALOGUE.read_text(encoding="utf-8"))["action"]

    told = {action for path in SOURCE.rglob("*.py") for action in actions(ast.parse(path.read_text(encoding="utf-8")))}
    happened = {event.__name__ for event in REACTIONS}

    assert "PersonErased" in told
    assert happened - known.keys() == set()
    assert told - known.keys() == set()
