"""Cells drawn in one piece: escaped, named for cards, and truly empty where there is nothing."""

from django.utils.html import conditional_escape

from billing_views.parts.cells import draw_cell


def test_a_cell_has_its_text_its_name_and_a_note_below() -> None:
    assert draw_cell("1,5 m³", label="Odczyt", note="31.10.2026") == (
        '<td class="num" data-label="Odczyt">1,5 m³ <small class="below">31.10.2026</small></td>'
    )


def test_nothing_of_a_file_becomes_markup() -> None:
    cell = draw_cell("<b>&", "keep", label='"><i>', note="<script>")

    assert "<b>" not in cell
    assert "<i>" not in cell
    assert "<script>" not in cell
    assert conditional_escape(cell) == cell


def test_a_cell_without_text_is_empty_and_has_no_name() -> None:
    assert draw_cell("", label="Odczyt", note="31.10.2026") == "<td></td>"
