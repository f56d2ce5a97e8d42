"""Broken rules of imports: each with a code and the sentence that the manager reads."""


class ImportRuleError(Exception):
    """Refused, nothing changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
