"""Asking a host for its proof over plain http: its certificate comes only when it is served."""

import http.client

from saas.keeping.errors import KeepingError

PORT = 80
TIMEOUT_SECONDS = 10
LONGEST = 1024
OK = 200


def fetch_proof(host: str, path: str) -> str:
    """What the host answers, up to 1 KiB; redirections are not followed. Raises KeepingError where it does not."""
    connection = http.client.HTTPConnection(host, PORT, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(LONGEST)
    except (OSError, http.client.HTTPException) as error:
        raise KeepingError(
            "no_proof",
            f"{host} does not answer on port {PORT} ({type(error).__name__}): nothing was changed.",
        ) from None
    finally:
        connection.close()
    if answer.status != OK:
        raise KeepingError("no_proof", f"{host} answers {answer.status}: nothing was changed.")
    return body.decode("ascii", errors="replace")
