"""What an answer's headers tell, whichever request it answers."""

from typing import Any


def told_by(response: Any) -> dict[str, str]:
    """The headers without the number of the request, which is another one each time."""
    return {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
