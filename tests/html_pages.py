"""What a person reads on a page: its tables, links and forms, out of the HTML alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import product
from urllib.parse import urlencode

VOID = {"input", "br", "hr", "img", "meta", "link", "source", "col", "wbr"}
SPACES = {0xA0: " ", 0x202F: " ", 0x2212: "-"}


@dataclass
class Node:
    """An element; `texts` and `children` in reading order."""

    tag: str
    attributes: dict[str, str]
    children: "list[Node | str]" = field(default_factory=list)

    def all(self, *tags: str) -> "Iterator[Node]":
        """The descendants with one of these tags, in reading order."""
        for child in self.children:
            if isinstance(child, Node):
                if child.tag in tags:
                    yield child
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        """Its words with single spaces."""
        return " ".join(self._words().split())

    def _words(self) -> str:
        if self.tag in {"script", "style"}:
            return ""
        parts = [child if isinstance(child, str) else child._words() for child in self.children]
        # Elements that stand apart are read apart.
        gap = " " if self.tag in {"td", "th", "p", "li", "dt", "dd", "div", "option", "br", "tr"} else ""
        return gap + "".join(parts).translate(SPACES) + gap


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in [node.tag for node in self.open]:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_html(html: str) -> Node:
    """The whole page."""
    reader = _Reader()
    reader.feed(html)
    return reader.root


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is read: caption, column headings, and each row's cells."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_tables(page: Node) -> list[Grid]:
    """The tables of a page."""
    return [_read_table(table) for table in page.all("table")]


def _read_table(table: Node) -> Grid:
    caption = next((node.text for node in table.all("caption")), "")
    rows = [tuple(cell.text for cell in row.all("td", "th")) for row in table.all("tr")]
    headings = tuple(cell.text for head in table.all("thead") for cell in head.all("th", "td"))
    return Grid(caption, headings, tuple(row for row in rows if row != headings))


def list_links(page: Node) -> list[str]:
    """Where links lead."""
    return [link.attributes["href"] for link in page.all("a") if "href" in link.attributes]


def list_choices(page: Node) -> Iterator[str]:
    """Addresses that the forms with drop-down lists lead to, in all combinations."""
    for form in page.all("form"):
        lists = list(form.all("select"))
        if form.attributes.get("method", "get").lower() != "get" or not lists:
            continue
        kept = [
            (node.attributes["name"], node.attributes.get("value", ""))
            for node in form.all("input")
            if node.attributes.get("type") == "hidden"
        ]
        options = [
            [(one.attributes["name"], option.attributes.get("value", "")) for option in one.all("option")]
            for one in lists
        ]
        for chosen in product(*options):
            yield f"{form.attributes.get('action', '')}?{urlencode([*kept, *chosen])}"
