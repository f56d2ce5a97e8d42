"""Every text of the interface has its English and Ukrainian, and the check that says so can fail."""

import pytest

from saas.local.addresses import CHECKOUT
from saas.local.message_sources import Text, texts_in, texts_of
from saas.local.translations import CATALOGUES, collect, compiled, problems

ROW = Text("{n} wiersz", "", is_plural=False, path="billing_views/rows.py")
TRANSLATED = b'msgid "{n} wiersz"\nmsgstr "{n} row"\n'


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_text_is_translated_and_compiled(language: str) -> None:
    path = CATALOGUES[language]

    found = problems(texts_of(CHECKOUT), path.read_bytes(), path.with_suffix(".mo").read_bytes(), language)

    assert list(found) == []


def test_check_is_content_with_a_translated_text() -> None:
    assert list(problems([ROW], TRANSLATED, compiled(TRANSLATED))) == []


@pytest.mark.parametrize(
    ("po", "complaint"),
    [
        (b"", "billing_views/rows.py: not collected yet: '{n} wiersz'"),
        (b'msgid "{n} wiersz"\nmsgstr ""\n', "not translated: '{n} wiersz'"),
        (b"#, fuzzy\n" + TRANSLATED, "fuzzy: '{n} wiersz'"),
        (
            b'msgid "{n} wiersz"\nmsgstr "{m} row"\n',
            "other placeholders or tags: '{n} wiersz' \N{RIGHTWARDS ARROW} '{m} row'",
        ),
        (TRANSLATED + b'\nmsgid "Plik"\nmsgstr "File"\n', "in no source any more: 'Plik'"),
        (TRANSLATED + b'\n#~ msgid "Plik"\n#~ msgstr "File"\n', "marked as obsolete: 'Plik'"),
    ],
)
def test_check_names_what_keeps_a_page_polish(po: bytes, complaint: str) -> None:
    assert list(problems([ROW], po, compiled(po))) == [complaint]


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("Strona %(number)s", "Page %(page)s"),
        ("Strona %(number)s", "Page"),
        ("Zapisz <strong>kody</strong>", "Keep the codes"),
    ],
)
def test_check_compares_names_and_tags(msgid: str, msgstr: str) -> None:
    po = f'msgid "{msgid}"\nmsgstr "{msgstr}"\n'.encode()
    texts = [Text(msgid, "", is_plural=False, path="billing_views/rows.py")]

    assert list(problems(texts, po, compiled(po))) == [
        f"other placeholders or tags: {msgid!r} \N{RIGHTWARDS ARROW} {msgstr!r}"
    ]


def test_check_wants_the_compiled_file_of_this_catalogue() -> None:
    former = compiled(b'msgid "{n} wiersz"\nmsgstr "{n} line"\n')

    assert list(problems([ROW], TRANSLATED, former)) == ["the .mo file is older than the .po file"]


def test_check_refuses_plural_forms_of_gettext() -> None:
    plural = Text("wiersz", "", is_plural=True, path="billing_views/rows.py")

    assert next(iter(problems([plural], b"", compiled(b"")))) == (
        "billing_views/rows.py: say counts with billing_views.parts.plurals: 'wiersz'"
    )


def test_collect_keeps_the_english_of_known_texts_and_drops_what_is_gone() -> None:
    former = TRANSLATED + b'\nmsgid "Plik"\nmsgstr "File"\n'
    added = Text("Arkusz", "", is_plural=False, path="billing_views/sheets.py")

    collected = collect([ROW, added], former).decode()

    assert 'msgid "{n} wiersz"\nmsgstr "{n} row"' in collected
    assert 'msgid "Arkusz"\nmsgstr ""' in collected
    assert "Plik" not in collected


def test_compiled_bytes_are_the_same_each_time() -> None:
    assert compiled(TRANSLATED) == compiled(collect([ROW], TRANSLATED))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% translate "Zapisz" %}', ("Zapisz", "")),
        ('{% translate "Do" context "okres" %}', ("Do", "okres")),
        (
            "<p>\n    {% blocktranslate %}Strona {{ number }} 5%{% endblocktranslate %}",
            ("Strona %(number)s 5%%", ""),
        ),
        ("{% blocktranslate trimmed %}\n  Dwa\n  wiersze\n{% endblocktranslate %}", ("Dwa wiersze", "")),
        ('    {% include "parts/field.html" with label=_("Nazwa") %}', ("Nazwa", "")),
        ('{{ _("Razem") }}', ("Razem", "")),
        ('{{ value|default:_("brak") }}', ("brak", "")),
    ],
)
def test_texts_of_a_template_are_found(source: str, expected: tuple[str, str]) -> None:
    found = [(text.msgid, text.context) for text in texts_in(source, "page.html")]

    assert found == [expected]


def test_what_a_template_comments_out_is_no_text() -> None:
    source = '{% comment %}{% translate "Dawniej" %}{% endcomment %}{% translate "Teraz" %}'

    assert [text.msgid for text in texts_in(source, "page.html")] == ["Teraz"]


def test_texts_that_a_call_gets_in_a_variable_are_not_guessed() -> None:
    assert (
        list(texts_in('title = _(row["label"]) + gettext(kind.label) + _(f"Lokal {code}")', "page.py")) == []
    )


def test_texts_of_python_are_found_with_the_labels_of_choices() -> None:
    source = (
        'class Kind(models.TextChoices):\n    FLAT = "flat", "mieszkanie"\n\n\ntitle = _("Lokal " "nr 1")\n'
    )

    assert [text.msgid for text in texts_in(source, "models.py")] == ["mieszkanie", "Lokal nr 1"]
