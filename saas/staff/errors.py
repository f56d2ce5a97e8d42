"""Broken rules of the staff's side."""


class StaffError(Exception):
    """A rule that an action refuses to break: `code` names it, the text says it in one sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
