"""Container files, proxy and pooler name what exists: commands, addresses, variables, folders."""

import configparser
import re

from django.core.management import get_commands

from saas.health import ADDRESSES
from saas.jobs.models import SizeClass
from saas.local.addresses import CHECKOUT
from tests.deploy.composed import DEPLOY, own_services, read_compose

EXAMPLE = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "env.example").read_text(encoding="utf-8"), re.MULTILINE))


def test_every_service_of_ours_has_a_command_that_exists() -> None:
    programs = {one["command"][0] for one in own_services().values()}
    words = [word for one in own_services().values() for word in " ".join(one["command"]).split()]
    commands = {words[place + 1] for place, word in enumerate(words) if word == "manage.py"}

    assert programs == {"gunicorn", "celery", "python", "sh"}
    assert commands == {"migrate_public", "migrate_associations", "watch_folders"}
    assert commands <= set(get_commands())


def test_services_set_variables_that_the_example_knows() -> None:
    caddys = {"KARTOTEKA_HOST", "KARTOTEKA_ACME_EMAIL", "KARTOTEKA_UPSTREAMS", "KARTOTEKA_ASK"}
    services = read_compose()["services"]

    for name, service in own_services().items():
        assert set(service.get("environment", {})) <= EXAMPLE, name
    assert set(services["caddy"]["environment"]) == caddys
    assert caddys <= EXAMPLE


def test_workers_take_every_size_between_them_and_share_no_bell() -> None:
    workers = [one for one in own_services().values() if one["command"][0] == "celery"]
    sizes = [one["environment"]["KARTOTEKA_JOB_SIZES"].split(",") for one in workers]
    bells = [one["environment"].get("KARTOTEKA_QUEUE", "kartoteka") for one in workers]

    assert sorted(size for some in sizes for size in some) == sorted(SizeClass.values)
    assert len(set(bells)) == len(workers)
    # The one that requests ring.
    assert bells[sizes.index(["small"])] == "kartoteka"


def test_our_services_run_unprivileged_and_after_the_migrations() -> None:
    for name, service in own_services().items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"]
        if name != "migrate":
            assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_proxys_network_is_the_one_that_the_program_believes() -> None:
    compose = read_compose()
    (network,) = compose["networks"]["proxy"]["ipam"]["config"]

    for name in ("web-a", "web-b"):
        assert compose["services"][name]["environment"]["KARTOTEKA_PROXY_NETWORKS"] == network["subnet"]
    assert compose["services"]["caddy"]["networks"] == ["proxy"]
    assert [name for name, one in compose["services"].items() if "ports" in one] == ["caddy"]


def test_the_proxy_keeps_the_platforms_addresses_and_asks_the_right_one() -> None:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    kept = re.search(r"@platform path (.+)", text)
    asked = {
        one.removeprefix("KARTOTEKA_ASK=").partition("8001")[2]
        for one in (DEPLOY / "env.example").read_text(encoding="utf-8").splitlines()
        if one.startswith("KARTOTEKA_ASK=")
    }

    assert kept is not None
    patterns = kept[1].split()
    for address in ADDRESSES:
        assert any(address == one or (one.endswith("*") and address.startswith(one[:-1])) for one in patterns)
    assert asked == {"/internal/certificate"}
    assert text.count("import portal") == 3
    assert text.count("{") == text.count("}")
    assert "header_up X-Request-ID {http.request.uuid}" in text
    assert "header_up X-Forwarded-For {remote_host}" in text
    assert read_compose()["services"]["caddy"]["environment"]["KARTOTEKA_ASK"].endswith(
        "/internal/certificate"
    )


def test_the_image_copies_what_exists_runs_as_nobody_and_names_no_registry_of_packages() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE)

    assert [path for path in copied if not (CHECKOUT / path).exists()] == []
    assert set(copied) > {"saas", "associations", "billing_views", "workers", "manage.py", "requirements.txt"}
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert [path for path in copied if f"!{path}" not in allowed] == []
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert not re.search(r"index-url|https?://", text)


def test_the_pooler_keeps_sessions_and_cleans_them() -> None:
    pooler = configparser.ConfigParser(comment_prefixes=(";",), interpolation=None)
    pooler.read(DEPLOY / "pgbouncer" / "pgbouncer.ini")

    assert pooler["pgbouncer"]["pool_mode"] == "session"
    assert pooler["pgbouncer"]["server_reset_query"] == "DISCARD ALL"
    assert pooler["pgbouncer"]["server_reset_query_always"] == "1"


def test_secrets_of_an_operator_stay_out_of_the_repository() -> None:
    ignored = (CHECKOUT / ".gitignore").read_text(encoding="utf-8").split()

    assert {"/deploy/env", "/deploy/secrets/", "/deploy/certificates/"} <= set(ignored)
    for secret in read_compose()["secrets"].values():
        assert secret["file"].startswith("./secrets/")
