"""Control of media: readings and settlements that stand."""

from associations.imports.control import Control, select_rows, standing_rows
from associations.meters.importing import READINGS, SETTLEMENTS


def control_meters() -> Control:
    """Readings and settlements, counted."""
    [readings] = select_rows(f"SELECT count(*) AS rows {standing_rows(READINGS)}")
    [settlements] = select_rows(f"SELECT count(*) AS rows {standing_rows(SETTLEMENTS)}")
    return Control(rows={"readings": readings["rows"], "settlements": settlements["rows"]})
