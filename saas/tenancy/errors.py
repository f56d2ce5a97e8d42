"""What provisioning and migrating refuse."""


class ProvisioningError(Exception):
    """A broken rule of provisioning: `code` names it, the text says it in one sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
