"""How much `make bench` measures."""

from dataclasses import dataclass

YEAR = 2026


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured."""

    small: int = 60
    large: int = 12_000
    first_year: int = YEAR
    many_years: int = 5
    all_months: bool = False
    rounds: int = 12
    sample_times: int = 3
    provisioned: int = 5
    speed_runs: int = 5
    speed_premises: int = 10_608
    bulk_rows: int = 24_000
    storage_premises: int = 1_000
    waiting_imports: int = 400
    crowd: int = 20
    years_behind: int = 9


FULL = Scale(
    first_year=YEAR - 2,
    many_years=10,
    all_months=True,
    rounds=30,
    sample_times=5,
    provisioned=30,
    waiting_imports=2_000,
    crowd=100,
)
QUICK = Scale(
    large=600,
    many_years=2,
    rounds=3,
    sample_times=1,
    provisioned=2,
    speed_runs=1,
    speed_premises=600,
    bulk_rows=2_000,
    storage_premises=100,
    waiting_imports=40,
    crowd=4,
    years_behind=2,
)
