"""A visitor at a door of the running demo, as a browser without scripts would be.

The demo's owners take the way of every owner: they sign in with the starter password and set one of
their own, which does not expire and opens the pages at once.
"""

import re
import time
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from saas.local.server_user import LocalServerError

MOST_REDIRECTS = 6
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """Follows redirects, keeps cookies, fills in the form of the page it stands on."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: SimpleCookie = SimpleCookie()
        self.path, self.page = "/", ""

    def open(self, path: str) -> None:
        """Go to a page."""
        self._request("GET", path)

    def submit(self, fields: dict[str, str]) -> None:
        """Send the form of this page to its own address."""
        token = TOKEN.search(self.page)
        if token is None:
            raise LocalServerError(f"{self.host}{self.path} shows no form")
        self._request("POST", self.path, urlencode(fields | {"csrfmiddlewaretoken": token[1]}))

    def _request(self, method: str, path: str, body: str | None = None) -> None:
        for _ in range(MOST_REDIRECTS):
            connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request(method, path, body, self._headers(is_form=body is not None))
                answer = connection.getresponse()
                page = answer.read().decode()
            finally:
                connection.close()
            self._keep_cookies(answer)
            if answer.status not in {301, 302, 303}:
                break
            target = urlsplit(urljoin(path, answer.headers["Location"]))
            method, body, path = "GET", None, f"{target.path}?{target.query}".rstrip("?")
        if answer.status != 200:  # noqa: PLR2004 - the one status that shows a page
            raise LocalServerError(f"{self.host}{path} answers {answer.status}")
        self.path, self.page = path, page

    def _headers(self, *, is_form: bool) -> dict[str, str]:
        headers = {
            "Host": f"{self.host}:{self.port}",
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items()),
        }
        return headers | ({"Content-Type": "application/x-www-form-urlencoded"} if is_form else {})

    def _keep_cookies(self, answer: HTTPResponse) -> None:
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(header)


def set_own_password(host: str, port: int, *, login: str, starter: str, own: str) -> None:
    """Sign in with the starter password and replace it; raises LocalServerError where the door refuses."""
    visitor = Visitor(host, port)
    visitor.open("/logowanie/")
    visitor.submit({"login": login, "password": starter})
    if 'name="new_password"' not in visitor.page:
        raise LocalServerError(f"{host} does not let {login} in with the starter password")
    visitor.submit({"new_password": own, "new_password_again": own})
    if 'name="new_password"' in visitor.page:
        raise LocalServerError(f"{host} does not take the new password of {login}")


def wait_for_web(port: int, *, seconds: float = 60) -> None:
    """Until the web server and its database answer."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            Visitor("localhost", port).open("/readyz")
        except (OSError, LocalServerError) as error:
            if time.monotonic() > deadline:
                raise LocalServerError(
                    f"The web server does not answer ({error}); see .local/demo/log/web.log"
                ) from None
            time.sleep(0.2)
        else:
            return
