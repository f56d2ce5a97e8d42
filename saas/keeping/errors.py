"""What can be wrong with keeping an association."""


class KeepingError(Exception):
    """A broken rule: `code` names it, the text says it in one sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DamagedBackupError(KeepingError):
    """The file is no whole and unaltered backup."""

    def __init__(self, message: str) -> None:
        super().__init__("damaged", f"The backup cannot be used: {message}.")
