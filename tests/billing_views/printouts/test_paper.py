"""Papers as values: pages counted per paper, texts that stay texts, and the press in a process of its own."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from associations.periods import Month
from associations.premises.queries import PayTo
from associations.profile.funds import FundLabel
from associations.profile.models import AssociationKind, AssociationProfile
from billing_views.printouts.notice_transfers import draw_transfers
from billing_views.printouts.paper import (
    Facts,
    Letterhead,
    Paper,
    PaperColumn,
    PaperTable,
    Sentence,
    print_papers,
)
from billing_views.printouts.press import Press, PressError

HEAD = Letterhead("Wspólnota Próbna", ("ul. Próbna 1",), "", "Wydrukowano 1 stycznia 2026")
MAIN = FundLabel(1, "main", "Fundusz podstawowy", 1)
NRB = "85102010550000000000000001"


def a_paper(name: str, rows: int = 3) -> Paper:
    columns = (PaperColumn("Nazwa", wide=True), PaperColumn("Kwota", "figure"))
    table = PaperTable("Tabela", columns, tuple((f"wiersz {one}", "1,00") for one in range(rows)))
    return Paper(title=name, blocks=(Facts((("Lokal", name),)), table), foot=f"Lokal {name}")


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_each_paper_counts_its_own_pages() -> None:
    pages = pages_of(print_papers(HEAD, [a_paper("A"), a_paper("B", 100), a_paper("C")], title="Trzy"))

    ends = [page[page.rindex("Lokal ") :] for page in pages]
    assert ends == [
        *("Lokal A strona 1 z 1", "Lokal B strona 1 z 3", "Lokal B strona 2 z 3", "Lokal B strona 3 z 3"),
        "Lokal C strona 1 z 1",
    ]
    assert all("Nazwa Kwota" in page for page in pages)


@pytest.mark.parametrize(
    "text", ["#panic()", "*a* _b_ $x$", "<label> @ref", '"]) #eval("1+1")', "\\u{41} // c"]
)
def test_texts_are_never_markup(text: str) -> None:
    paper = Paper(title=text, blocks=(Sentence(text), Facts(((text, text),))), foot=text)

    (page,) = pages_of(print_papers(HEAD, [paper], title=text))

    assert page.count(" ".join(text.split())) == 5


def test_the_press_gives_the_same_paper_and_cleans_up(tmp_path: Path) -> None:
    press = Press(HEAD, [a_paper("A")], "Jedno", tmp_path / "7-abc-0")

    pages = pages_of(press.finish().read_bytes())
    press.stop()

    assert pages == pages_of(print_papers(HEAD, [a_paper("A")], title="Jedno"))
    assert list(tmp_path.iterdir()) == []


def test_a_press_that_fails_says_so(tmp_path: Path) -> None:
    broken = Letterhead("Wspólnota", (), "<svg", "")
    press = Press(broken, [a_paper("A")], "Jedno", tmp_path / "7-abc-0")

    with pytest.raises(PressError):
        press.finish()
    press.stop()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("nip", "nrb", "number", "has_code"),
    [
        ("5260001246", NRB, "85\u00a01020\u00a01055\u00a00000\u00a00000\u00a00000\u00a00001", True),
        ("", NRB, "85\u00a01020\u00a01055\u00a00000\u00a00000\u00a00000\u00a00001", False),
        ("5260001246", "", "numer rachunku poda biuro", False),
        ("5260001246", "11102010550000000000000001", "numer rachunku poda biuro", False),
    ],
)
def test_a_code_needs_a_right_number_and_a_nip(nip: str, nrb: str, number: str, has_code: bool) -> None:
    profile = AssociationProfile(name="Wspólnota Próbna", kind=AssociationKind.COMMUNITY, nip=nip)

    (one,) = draw_transfers(profile, "1/14", Month(2026, 10), {MAIN: Decimal("950.26")}, [PayTo(MAIN, nrb)])

    assert dict(one.pairs)["Rachunek"] == number
    assert dict(one.pairs)["Kwota"] == "950,26\u00a0zł"
    assert "opłaty 10/2026" in dict(one.pairs)["Tytuł"]
    assert bool(one.qr) is has_code


def test_nothing_to_pay_gives_no_transfer() -> None:
    profile = AssociationProfile(name="W", kind=AssociationKind.COMMUNITY)

    assert draw_transfers(profile, "1", Month(2026, 1), {MAIN: Decimal("-5.00")}, []) == ()
