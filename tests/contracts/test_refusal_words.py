"""What people read when something is refused stands in one catalogue: the code names reasons and holds no sentences."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from pydantic_core._pydantic_core import list_all_errors

import maintainuk
from maintainuk.api.wording import FIELDS, REFUSALS
from maintainuk.domain.errors import DomainError, Invalid, NotFound, Reason

SOURCE = Path(maintainuk.__file__).parent
FORWARDS = SOURCE / "domain" / "errors.py"
"""Where refusals themselves are made of whatever reason they are given."""
LAYERS = ("domain", "application", "infrastructure", "api", "worker")
NO_FACTS = {"fields", "retry_after", "allowed"}
TOLD_BY_PYDANTIC = {kind["type"]: set((kind["example_context"] or {}).keys()) for kind in list_all_errors()}


@dataclass(frozen=True)
class Said:
    """A reason that the code gives: its key in one of the catalogue's two tables, and the names of its facts."""

    key: str
    is_of_field: bool = False
    facts: frozenset[str] = field(default_factory=frozenset)


def modules() -> Iterator[tuple[ast.Module, Mapping[str, Any]]]:
    for layer in LAYERS:
        for path in (SOURCE / layer).rglob("*.py"):
            if "migrations" not in path.parts and path != FORWARDS:
                name = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
                yield ast.parse(path.read_text(encoding="utf-8")), vars(import_module(name))


def named(node: ast.expr | None, names: Mapping[str, Any]) -> type | None:
    """The kind of refusal, or `Reason`, that an expression names."""
    found = names.get(node.id) if isinstance(node, ast.Name) else None
    return found if isinstance(found, type) and issubclass(found, DomainError | Reason) else None


def literal(key: ast.expr) -> str:
    return str(key.value) if isinstance(key, ast.Constant) else f"no literal: {ast.unparse(key)}"


def said_in(tree: ast.Module, names: Mapping[str, Any]) -> Iterator[Said]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=func, args=args, keywords=keywords) if kind := named(func, names):
                key = literal(args[0]) if args else getattr(kind, "code", "")
                facts = frozenset(str(one.arg) for one in keywords) - NO_FACTS
                yield Said(key, is_of_field=kind is Reason, facts=facts)
            case ast.Raise(exc=raised) if kind := named(raised, names):
                yield Said(kind.code)
            case ast.Dict(values=values):
                yield from (Said(kind.code) for value in values if (kind := named(value, names)))


def placeholders(text: str | Mapping[str, str]) -> set[str]:
    texts = [text] if isinstance(text, str) else [*text.values(), f"{{{text['by']}}}"]
    return {name for one in texts for _, name, _, _ in Formatter().parse(one) if name}


def sentences_in(tree: ast.Module, names: Mapping[str, Any]) -> Iterator[str]:
    """Words for people among what is raised, or what a refusal is made of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and named(node.func, names)):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
                    yield part.value


@pytest.fixture(scope="module")
def said() -> list[Said]:
    return [one for tree, names in modules() for one in said_in(tree, names)]


def test_each_reason_has_its_words(said):
    assert said
    assert {one.key for one in said if not one.is_of_field} - REFUSALS.keys() == set()
    assert {one.key for one in said if one.is_of_field} - FIELDS.keys() == set()


def test_the_catalogue_holds_no_words_that_nobody_says(said):
    assert REFUSALS.keys() - {one.key for one in said} == set()
    assert FIELDS.keys() - {one.key for one in said} - TOLD_BY_PYDANTIC.keys() == set()


def test_each_text_names_the_facts_it_is_given_and_no_others(said):
    for one in said:
        assert placeholders((FIELDS if one.is_of_field else REFUSALS)[one.key]) == one.facts, one.key


def test_texts_for_mistakes_that_pydantic_finds_name_facts_that_it_tells():
    for kind in FIELDS.keys() & TOLD_BY_PYDANTIC.keys():
        assert placeholders(FIELDS[kind]) <= TOLD_BY_PYDANTIC[kind], kind


def test_no_sentence_for_people_stands_in_the_code():
    operators = {"DemoInLiveMode", "BadLabels"}
    found = [
        sentence
        for tree, names in modules()
        if str(names["__name__"]).startswith(("maintainuk.api", "maintainuk.domain", "maintainuk.application"))
        for sentence in sentences_in(without(tree, operators), names)
    ]

    assert found == []


def without(tree: ast.Module, kinds: set[str]) -> ast.Module:
    """The same code without what only operators read, in their terminal."""

    class Cut(ast.NodeTransformer):
        def visit_Raise(self, node: ast.Raise) -> ast.AST:
            is_theirs = isinstance(node.exc, ast.Call) and getattr(node.exc.func, "id", "") in kinds
            return ast.Pass() if is_theirs else node

    return Cut().visit(tree)


NAMES = {"NotFound": NotFound, "Invalid": Invalid, "Reason": Reason}


@pytest.mark.parametrize(
    "planted",
    [
        'raise NotFound("There is no such ticket.")',
        'raise NotFound("no-such-ticket", what=f"the {kind} ticket")',
        'raise Invalid(fields={"body": Reason("Write something first.")})',
        'refusal = NotFound("There is no such ticket.")',
        'raise ValueError("Write something first.")',
    ],
)
def test_a_sentence_in_the_code_is_found(planted):
    assert list(sentences_in(ast.parse(planted), NAMES)) != []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("raise NotFound", Said("not-found")),
        ("raise NotFound from None", Said("not-found")),
        ('raise NotFound("no-such-ticket")', Said("no-such-ticket")),
        ("answer(Invalid(words=3, retry_after=2))", Said("invalid", facts=frozenset({"words"}))),
        ('Reason("unknown-owner")', Said("unknown-owner", is_of_field=True)),
        ("MEANT = {404: NotFound}", Said("not-found")),
    ],
)
def test_a_reason_is_found_however_it_is_given(written, expected):
    assert list(said_in(ast.parse(written), NAMES)) == [expected]
