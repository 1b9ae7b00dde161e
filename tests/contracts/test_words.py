"""Words stand in catalogues: templates of pages and of e-mails hold none, as the lint holds the web clients to it."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import maintainuk

SOURCE = Path(maintainuk.__file__).parent
SEEN_OR_HEARD = {"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription"}
NOT_READ = {"style", "script", "code"}  # `code` shows what is typed and called the same in every language
PLAIN = ".txt"


def templates() -> list[Path]:
    return [
        path
        for folder in ("api/pages", "worker/templates")
        for path in (SOURCE / folder).iterdir()
        if path.suffix in {".html", PLAIN}
    ]


def shown(expression: nodes.Node) -> Iterator[str]:
    """The literals of an expression that could end up before a reader's eyes."""
    match expression:
        case nodes.TemplateData(data=data):
            yield data
        case nodes.Const(value=str() as text):
            yield text
        case nodes.CondExpr() | nodes.Concat() | nodes.Add() | nodes.Or() | nodes.And():
            for part in expression.iter_child_nodes(exclude=("test",)):
                yield from shown(part)
        case nodes.Filter(name=name, node=node, args=args):
            for part in (node, *(args if name == "default" else ())):
                yield from shown(part) if part else ()


def as_written(node: nodes.Node) -> Iterator[str]:
    """What a template would print if its data were empty and every branch were taken."""
    if isinstance(node, nodes.Output):
        for part in node.nodes:
            yield from shown(part)
    elif isinstance(node, nodes.Assign):
        yield from shown(node.node)
    else:
        for child in node.iter_child_nodes():
            yield from as_written(child)


class Reader(HTMLParser):
    """Somebody who reads a page, or has it read to them."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in NOT_READ:
            self.inside.append(tag)
        self.read += [value for name, value in attrs if name in SEEN_OR_HEARD and value]

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.read.append(data)


def literals(template: str, *, is_plain: bool = False) -> list[str]:
    written = "".join(as_written(Environment(autoescape=True).parse(template)))
    if is_plain:
        read = [written]
    else:
        reader = Reader()
        reader.feed(written)
        reader.close()
        read = reader.read
    return [words.strip() for words in read if any(sign.isalpha() for sign in words)]


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_a_template_holds_no_words(path):
    assert literals(path.read_text(encoding="utf-8"), is_plain=path.suffix == PLAIN) == []


def test_every_template_is_looked_at():
    assert {path.name for path in templates()} >= {"front_door.html", "mailbox.html", "letter.html", "letter.txt"}


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Hello</p>",
        "<p>Hello {{ name }}</p>",
        '<input placeholder="Find">',
        '<nav aria-label="Pages {{ page }}"></nav>',
        '<img alt="A tap" src="tap.svg">',
        '<a title="Back">{{ words }}</a>',
        '<p>{{ "Newest" if is_first else older }}</p>',
        '<p>{{ name | default("Somebody") }}</p>',
        '<p>{{ "To " ~ recipient }}</p>',
        "{% if empty %}<p>Nothing</p>{% endif %}",
        "{% for one in all %}{{ one }}{% else %}<p>Nobody</p>{% endfor %}",
        '{% set word = "Hello" %}<p>{{ word }}</p>',
        "{% block content %}<title>Mailbox</title>{% endblock %}",
    ],
)
def test_a_word_in_a_template_is_found(planted):
    assert literals(planted) != []


def test_a_word_in_a_plain_letter_is_found():
    assert literals("Hello {{ name }},", is_plain=True) == ["Hello ,"]


@pytest.mark.parametrize(
    "harmless",
    [
        '<p class="lead">{{ say["lead"] }}</p>',
        "<p>{{ name }} · {{ 12 }}, &nbsp;{{ at | moment }}</p>",
        "<style>p { color: red }</style><pre><code>./maintainuk demo</code></pre>",
        "<a href=\"/mailbox/{{ '?q=' ~ words if words }}\">{{ say['newest'] }}</a>",
        '{# A remark #}{% if kind == "landlord" %}{{ kind }}{% endif %}',
        '<p>{{ say["typing"] | filled({"email": email}) }}</p>',
    ],
)
def test_what_is_no_word_is_let_be(harmless):
    assert literals(harmless) == []
