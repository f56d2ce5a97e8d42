"""A small mail server on localhost for tests: takes what it is given, or answers as it is told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Sink(socketserver.ThreadingTCPServer):
    """`mails` are those that were taken; `answers` are given to the next contents instead of 250, "" hangs up.

    While `gate` is not set, a content is taken and not answered.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Dialogue(socketserver.StreamRequestHandler):
    """One connection; as much of RFC 5321 as Python's client asks for."""

    server: Sink

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.say("354 go on")
                if not self.take():
                    return
            elif word == b"QUIT":
                self.say("221 bye")
                return
            elif word == b"RCPT":
                self.server.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                self.say("250 ok")
            else:
                self.say("250 sink")

    def take(self) -> bool:
        """The content up to the lonely dot; False where the line is cut instead of answering."""
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line.removeprefix(b"."))
        answer = self.server.answers.pop(0) if self.server.answers else "250 taken"
        if answer.startswith("250") or not answer:
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.server.mails.append(mail)
        self.server.gate.wait()
        if not answer:
            return False
        self.say(answer)
        return True

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def mail_server() -> Iterator[Sink]:
    """A sink that listens until the block ends."""
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.gate.set()
            sink.shutdown()
            thread.join()
