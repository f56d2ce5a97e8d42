"""Charts of months: proportions, what hangs below zero, which figures are written."""

from decimal import Decimal

from django.template.loader import render_to_string

from billing_views.parts.charts import PLOT, TOP, ChartColumn, draw_pairs, draw_stacks


def columns(*values: tuple[str | None, ...], current: int = -1) -> list[ChartColumn]:
    return [
        ChartColumn(
            label=str(place),
            values=tuple(None if one is None else Decimal(one) for one in of_month),
            figure=of_month[0] or "",
            is_current=place == current % len(values),
        )
        for place, of_month in enumerate(values)
    ]


def test_bars_keep_their_proportion_and_a_zero_is_seen() -> None:
    chart = draw_stacks("c", columns(("100.00",), ("0",), (None,), ("50.00",)), title="", summary="")

    assert [block.height for block in chart.blocks] == [PLOT, 1, PLOT // 2]
    assert [block.y + block.height for block in chart.blocks if block.height > 1] == [chart.base] * 2
    assert [block.is_current for block in chart.blocks] == [False, False, True]
    assert chart.base == TOP + PLOT


def test_funds_stand_upon_each_other_without_a_gap() -> None:
    chart = draw_stacks("c", columns(("75", "25"), ("33.33", "11.11")), title="", summary="", legend="ab")

    (low, high), (second, third) = chart.blocks[:2], chart.blocks[2:]
    assert (low.height, high.height) == (84, 28)
    assert high.y + high.height == low.y
    assert third.y + third.height == second.y
    assert [block.pattern for block in chart.blocks] == [0, 1, 0, 1]


def test_a_correction_hangs_below_the_line_of_zero() -> None:
    chart = draw_stacks("c", columns(("60",), ("-20",)), title="", summary="")

    above, below = chart.blocks
    assert above.y + above.height == chart.base == below.y
    assert above.height == 3 * below.height


def test_years_stand_side_by_side_and_the_present_one_is_solid() -> None:
    chart = draw_pairs("c", columns(("4", "2"), (None, "1")), title="", summary="", legend=("now", "then"))

    then, now, alone = chart.blocks
    assert (then.pattern, now.pattern, alone.pattern) == (1, 0, 0)
    assert then.x + then.width == now.x
    assert then.height == 2 * now.height


def test_figures_are_written_where_they_do_not_overlap() -> None:
    def written(count: int, current: int) -> list[str]:
        values = [(str(100 + place),) for place in range(count)]
        chart = draw_stacks("c", columns(*values, current=current), title="", summary="")
        return [label.text for label in chart.labels if len(label.text) == 3]

    assert written(12, 5) == ["100", "105", "111"]
    assert written(12, 1) == ["101", "111"]
    assert written(12, 10) == ["100", "110"]
    assert written(1, 0) == ["100"]


def test_no_figure_is_over_the_edge() -> None:
    chart = draw_stacks("c", columns(*[("1234.56",)] * 12, current=5), title="", summary="")

    assert [label.anchor for label in chart.labels if label.text == "1234.56"] == ["start", "middle", "end"]


def test_no_data_draw_an_empty_picture() -> None:
    chart = draw_pairs("c", columns((None, None)), title="", summary="", legend=("now", "then"))

    assert chart.blocks == ()


def test_the_picture_has_a_name_a_description_and_a_legend_with_patterns() -> None:
    chart = draw_stacks(
        "oplaty", columns(("1", "2")), title="Opłaty", summary="Razem 3", legend=("Główny", "Remontowy")
    )

    html = render_to_string("parts/bar_chart.html", {"chart": chart})

    assert 'role="img"' in html
    assert 'aria-labelledby="oplaty-t oplaty-d"' in html
    assert '<title id="oplaty-t">Opłaty</title>' in html
    assert '<desc id="oplaty-d">Razem 3</desc>' in html
    assert 'id="oplaty-1"' in html
    assert html.count('fill="url(#oplaty-1)"') == 2
