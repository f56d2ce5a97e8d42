"""What the demo takes over from the shell that starts it."""

from pathlib import Path

import pytest

from saas.local import demo


def test_the_demo_keeps_other_servers_out_and_hands_a_mail_server_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "FILES", tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/production")
    monkeypatch.setenv("KARTOTEKA_SECRET_KEY", "of another installation")
    monkeypatch.setenv("KARTOTEKA_MAIL_HOST", "mail.example")
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")

    environment = demo.prepare_environment()

    assert environment["KARTOTEKA_MAIL_HOST"] == "mail.example"
    assert environment["LANG"] == "pl_PL.UTF-8"
    assert not {"DATABASE_URL", "KARTOTEKA_SECRET_KEY"} & environment.keys()
