"""The whole history of a holding's funds from the books that stand. Writes nothing."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache

from associations.ledger.calculations import Entry, YearSums
from associations.ledger.fund_history import AccountHistory, FundHistory, SourcedEntry, YearRows
from associations.ledger.queries import POSTINGS, Books, opening_in_books, own_postings
from associations.ledger.stated_years import years_with_openings
from associations.money import add_up
from associations.profile.funds import FundLabel
from associations.row_sources import RowSource

_HISTORY = f"""
SELECT p.account_id, p.is_opening, p.batch_id, p.file_no, p.line_no, e.opened_by_id,
       p.posted_on, p.due_on, p.document, p.description, p.debit, p.credit
{POSTINGS} AND {{scope}} AND a.fund_id = ANY(%s)
 ORDER BY p.account_id, p.posted_on, p.file_no, p.line_no, p.id
"""


def read_fund_history(books: Books, fund: FundLabel) -> FundHistory:
    """One fund. One query; a second where the books' first data state no opening."""
    [found] = read_fund_histories(books, [fund])
    return found


def read_fund_histories(books: Books, funds: Sequence[FundLabel]) -> list[FundHistory]:
    """Several funds in their order, in one query; a second where the books' first data state no opening."""
    openings: dict[tuple[int, int], list[SourcedEntry]] = defaultdict(list)
    rows: dict[tuple[int, int], list[SourcedEntry]] = defaultdict(list)
    for account, is_opening, batch, file, line, publication, *values in own_postings(
        books, _HISTORY, [fund.id for fund in funds]
    ):
        entry = Entry(*values)
        kept = openings if is_opening else rows
        kept[account, entry.posted_on.year].append(
            SourcedEntry(entry, RowSource(batch, file, line, publication))
        )
    years = sorted({year for _, year in (*openings, *rows)})
    stated_years = cache(lambda: years_with_openings(books.holding.scope, years))

    def states_openings(year: int) -> bool:
        return year in stated_years()

    return [
        FundHistory(
            fund,
            tuple(
                AccountHistory(label, _years(books, label.id, openings, rows, states_openings))
                for label in books.accounts.values()
                if label.fund == fund and label.id in books.years_of
            ),
        )
        for fund in funds
    ]


def _years(
    books: Books,
    account: int,
    openings: dict[tuple[int, int], list[SourcedEntry]],
    rows: dict[tuple[int, int], list[SourcedEntry]],
    states_openings: Callable[[int], bool],
) -> tuple[YearRows, ...]:
    years = sorted({year for one, year in (*openings, *rows) if one == account})
    sums = [_sum(year, openings.get((account, year), []), rows.get((account, year), [])) for year in years]
    return tuple(
        YearRows(
            year,
            opening_in_books(books, year, sums, states_openings),
            tuple(openings.get((account, year), ())),
            tuple(rows.get((account, year), ())),
        )
        for year in years
    )


def _sum(year: int, openings: list[SourcedEntry], rows: list[SourcedEntry]) -> YearSums:
    return YearSums(
        year,
        debit=add_up(row.entry.debit for row in rows),
        credit=add_up(row.entry.credit for row in rows),
        stated=add_up(row.amount for row in openings) if openings else None,
        first_month=min(row.entry.posted_on for row in (*openings, *rows)).replace(day=1),
    )
