"""Components and frames: what they say in words, and that no page needs a script or a style of its own."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import strip_tags

from billing_views import gallery
from billing_views.parts import notices, page, period_links, samples, tables
from billing_views.parts.cards import BalanceCard
from billing_views.parts.progress import Progress

ROOT = Path(gallery.__file__).parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def words(html: str) -> str:
    return " ".join(strip_tags(html).split())


def gallery_pages() -> dict[str, str]:
    requests = RequestFactory()
    answers = {
        "parts": gallery.show_gallery(requests.get("/galeria/")),
        "owner": gallery.show_owner_frame(requests.get("/galeria/wlasciciel/")),
        "preview": gallery.show_owner_frame(requests.get("/galeria/wlasciciel/?podglad")),
        "manager": gallery.show_manager_frame(requests.get("/galeria/zarzadca/")),
        "form": gallery.show_form_frame(requests.get("/galeria/formularz/?bledy")),
    }
    for name in gallery.ERROR_PAGES:
        answers[name] = gallery.show_error(requests.get("/galeria/blad/"), name)
    return {name: answer.content.decode() for name, answer in answers.items()}


def test_style_and_scripts_stay_small() -> None:
    own = [path for path in (ROOT / "static").iterdir() if path.suffix in {".css", ".js"}]

    # 30 KB as transferred is what an owner's page may load; these are not even compressed.
    assert sum(path.stat().st_size for path in own) < 20 * 1024
    assert len(own) > 1


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.name))
def test_templates_carry_no_inline_style_or_script(path: Path) -> None:
    source = path.read_text()

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)|javascript:", source) == []


def test_every_page_names_its_language_its_title_and_one_heading() -> None:
    pages = gallery_pages()

    for name, html in pages.items():
        assert '<html lang="pl">' in html, name
        assert html.count("<h1") == 1, name
        assert re.search(r"<title>\s*\S", html), name
        assert 'href="#tresc"' in html, name
        assert 'id="tresc"' in html, name


def test_owner_bar_shows_premises_person_and_the_way_out_by_post() -> None:
    html = gallery_pages()["owner"]

    bar = words(html[html.index("<header") : html.index("</header>")])
    assert "ul. Słoneczna 2 m. 34 · lokal 0401-034 · zmień lokal" in bar
    assert bar.endswith("English Українська Anna Nowak Wyloguj")
    assert len(re.findall(r'<form class="plain[^"]*" method="post"', html)) == 2


def test_owner_page_marks_the_open_tab_for_everyone() -> None:
    html = gallery_pages()["owner"]

    assert re.findall(r'aria-current="page"[^>]*>([^<]+)', html) == ["Kartoteka lokalu"]


def test_preview_says_that_nothing_can_be_changed() -> None:
    pages = gallery_pages()

    sentence = "Podgląd strony właściciela. Nic tu nie można zmienić."
    assert sentence in pages["preview"]
    assert sentence not in pages["owner"]


def test_period_boundary_is_text_that_says_so() -> None:
    html = render_to_string("parts/period_links.html", {"links": samples.year_links()})

    assert words(html) == "‹ 2025 2026 2027 › (brak danych)"
    assert html.count("<a ") == 1


def test_period_links_link_both_ways_inside_the_data() -> None:
    links = period_links.PeriodLinks(
        "Rok",
        period_links.PeriodLink("2025", "?rok=2025"),
        "2026",
        period_links.PeriodLink("2027", "?rok=2027"),
    )

    html = render_to_string("parts/period_links.html", {"links": links})

    assert re.findall(r'href="([^"]+)"', html) == ["?rok=2025", "?rok=2027"]
    assert "brak danych" not in html


def test_balance_card_prints_the_word_beside_the_figure_and_interest_apart() -> None:
    html = render_to_string("parts/balance_card.html", {"card": samples.balance_cards()[0]})

    assert words(html) == (
        "Saldo podstawowe niedopłata −268,41 zł stan na 31 października 2026 · "
        "w tym po terminie płatności 120,00 zł 120,00 zł: NAL 09/2026, termin 10.09.2026 "
        "Odsetki podane przez spółdzielnię (niezaksięgowane) 3,17 zł "
        "Wpłaty zaksięgowane po 31.10.2026 nie są tu uwzględnione. "
        "Skąd to saldo? Saldo podstawowe · Jak liczy się odsetki? Saldo podstawowe"
    )


def test_balance_card_shows_nothing_that_was_not_supplied() -> None:
    html = render_to_string("parts/balance_card.html", {"card": BalanceCard("Saldo lokalu", Decimal("0.00"))})

    assert words(html) == "Saldo lokalu rozliczone 0,00 zł"


def test_ledger_leaves_cells_without_an_amount_truly_empty() -> None:
    html = render_to_string("parts/ledger_table.html", {"section": samples.ledger_section()})

    debits = re.findall(r'data-label="Obciążenie">([^<]*)<', html)
    assert debits[:2] == ["612,48", ""]
    assert "Obroty 2026" in html
    assert "Saldo końcowe na 31.03.2026" in html


def test_ledger_without_opening_shows_neither_opening_nor_closing() -> None:
    full = samples.ledger_section()
    section = samples.LedgerSection(
        full.caption, 2026, full.opening_on, None, (), full.debit, full.credit, full.closing_on, None
    )

    text = words(render_to_string("parts/ledger_table.html", {"section": section}))

    assert "Bilans otwarcia" in words(render_to_string("parts/ledger_table.html", {"section": full}))
    assert "Bilans otwarcia" not in text
    assert "Saldo końcowe" not in text


def test_table_labels_its_cells_for_a_phone_and_escapes_what_it_is_given() -> None:
    columns = (tables.Column("Plik", "what"), tables.Column("Wiersze", "num", "Wiersze"))
    rows = ((tables.Cell("<b>plik</b>.csv"), tables.Cell("96")), (tables.Cell("pusty.csv"), tables.Cell()))

    html = render_to_string("parts/table.html", {"table": tables.Table("Pliki", columns, rows)})

    assert "&lt;b&gt;plik&lt;/b&gt;.csv" in html
    assert html.count('data-label="Wiersze"') == 1
    assert "<td></td>" in html


def test_table_refuses_a_row_of_another_width() -> None:
    table = tables.Table("Pliki", (tables.Column("Plik"),), ((tables.Cell("a"), tables.Cell("b")),))

    with pytest.raises(ValueError, match="zip"):
        _ = table.body


def test_problem_says_error_or_warning_in_words() -> None:
    html = render_to_string(
        "parts/problem_table.html", {"problems": samples.problems(), "caption": "Błędne wiersze"}
    )

    assert re.findall(r">(błąd|ostrzeżenie)<", html) == ["błąd", "błąd", "błąd", "ostrzeżenie"]
    assert "<caption>Błędne wiersze</caption>" in html


def test_progress_asks_again_until_it_is_done() -> None:
    running = Progress("Sprawdzanie", 61, "/postep/", "/paczka/")
    done = Progress("Sprawdzanie", 100, "/postep/", "/paczka/", is_done=True)

    asking = render_to_string("parts/progress.html", {"progress": running})
    resting = render_to_string("parts/progress.html", {"progress": done})

    assert 'hx-get="/postep/"' in asking
    assert 'href="/paczka/"' in asking
    assert "hx-get" not in resting


def test_form_field_ties_help_and_error_to_its_input() -> None:
    form = samples.SampleForm({})

    html = render_to_string("parts/field.html", {"field": form["login"]})

    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described is not None
    assert described[1].split() == ["id_login_helptext", "id_login_error"]
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert 'aria-invalid="true"' in html


def test_notice_of_a_failure_is_announced_at_once() -> None:
    html = render_to_string("parts/notice.html", {"notice": notices.Notice("Źle", "Popraw.", "bad")})

    assert 'role="alert"' in html


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Spółdzielnia Mieszkaniowa „Osiedle Słoneczne”", "OS"),
        ("Wspólnota Mieszkaniowa Lipowa 12", "L12"),
        ("SM „Jutrzenka”", "J"),
        ("Wspólnota Mieszkaniowa", "WM"),
        ("", "OK"),
    ],
)
def test_short_mark_comes_from_the_telling_words(name: str, mark: str) -> None:
    assert page.make_short_mark(name) == mark


def test_too_large_a_file_is_refused_in_a_polish_sentence() -> None:
    html = render_to_string("errors/413.html")

    assert "Plik jest za duży: największy dozwolony to 100 MB." in html
