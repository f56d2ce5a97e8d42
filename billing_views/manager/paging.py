"""Long lists in pages: which rows to read, and links to the neighbours that keep the search."""

from dataclasses import dataclass

from django.http import HttpRequest

from billing_views.parts.tables import Pagination

PARAMETER = "strona"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rows of one page: `number` counts from 1, `offset` from 0."""

    number: int
    count: int
    size: int

    @property
    def offset(self) -> int:
        """How many rows stand on earlier pages."""
        return (self.number - 1) * self.size


def choose_stretch(request: HttpRequest, *, total: int, size: int) -> Stretch:
    """The page asked for by `?strona=`; a wrong number gives the nearest page that exists."""
    count = max(1, -(-total // size))
    asked = request.GET.get(PARAMETER, "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1  # noqa: PLR2004  # no row count is longer
    return Stretch(number=min(max(1, number), count), count=count, size=size)


def link_pages(request: HttpRequest, stretch: Stretch) -> Pagination:
    """Links to the neighbours; the other parameters of the address stay."""

    def address(number: int) -> str:
        parameters = request.GET.copy()
        parameters[PARAMETER] = str(number)
        return f"{request.path}?{parameters.urlencode()}"

    return Pagination(
        number=stretch.number,
        count=stretch.count,
        previous_url=address(stretch.number - 1) if stretch.number > 1 else None,
        next_url=address(stretch.number + 1) if stretch.number < stretch.count else None,
    )
