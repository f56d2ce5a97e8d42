"""Container files, proxy and pooler name what exists: commands, addresses, variables, folders."""

import re

from django.core.management import get_commands

from saas.jobs.models import SizeClass
from saas.local.addresses import CHECKOUT
from tests.deploy.composed import DEPLOY, own_services, read_compose

EXAMPLE_TEXT = (DEPLOY / "env.example").read_text(encoding="utf-8")
EXAMPLE = set(re.findall(r"^([A-Z_]+)=", EXAMPLE_TEXT, re.MULTILINE))


def test_every_service_of_ours_has_a_command_that_exists() -> None:
    programs = {one["command"][0] for one in own_services().values()}
    words = [word for one in own_services().values() for word in " ".join(one["command"]).split()]
    commands = {words[place + 1] for place, word in enumerate(words) if word == "manage.py"}

    assert programs == {"gunicorn", "celery", "python", "sh"}
    assert commands == {"migrate_public", "migrate_associations", "watch_folders"}
    assert commands <= set(get_commands())
    assert {one["command"][3] for one in own_services().values() if one["command"][0] == "celery"} == {
        "worker",
        "beat",
    }


def test_one_service_is_the_clock_and_rings_where_a_worker_listens() -> None:
    beats = [one for one in own_services().values() if "beat" in one["command"]]

    assert len(beats) == 1
    # A container that only reads has no place for a file of its process; the schedule lies in the data's volume.
    assert "--pidfile=" in beats[0]["command"]
    assert "KARTOTEKA_QUEUE" not in beats[0].get("environment", {})


def test_files_and_backups_have_volumes_that_belong_to_the_images_user() -> None:
    compose = read_compose()
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")

    for name, service in own_services().items():
        mounted = dict(volume.split(":")[:2] for volume in service["volumes"])
        assert mounted == {"files": "/var/lib/kartoteka", "backups": "/var/lib/kartoteka/backups"}, name
    assert {"files", "backups", "database", "certificates"} == set(compose["volumes"])
    assert "mkdir -p /srv/kartoteka /var/lib/kartoteka/backups" in image
    assert "chown -R 10001:10001 /var/lib/kartoteka" in image
    assert "KARTOTEKA_BACKUPS=/var/lib/kartoteka/backups" in EXAMPLE_TEXT


def test_services_set_variables_that_the_example_knows() -> None:
    caddys = {"KARTOTEKA_HOST", "KARTOTEKA_ACME_EMAIL", "KARTOTEKA_UPSTREAMS"}
    services = read_compose()["services"]

    for name, service in own_services().items():
        assert set(service.get("environment", {})) <= EXAMPLE, name
    assert set(services["caddy"]["environment"]) == caddys
    assert caddys <= EXAMPLE


def test_the_example_copied_as_it_is_fits_the_containers() -> None:
    """The proxy must reach the web services, pages find their styles, and addresses name services that there are."""
    services = read_compose()["services"]
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")

    for name in ("web-a", "web-b"):
        for variable in ("KARTOTEKA_BIND", "KARTOTEKA_STATIC"):
            assert f"{variable}={services[name]['environment'][variable]}" in image
    hosts = re.findall(
        r"^[A-Z_]+_URL=(?:postgresql|redis)://(?:[^@\s]+@)?([a-z-]+)", EXAMPLE_TEXT, re.MULTILINE
    )
    assert len(hosts) == 3
    assert set(hosts) <= set(services)


def test_workers_take_every_size_between_them_and_share_no_bell() -> None:
    workers = [one for one in own_services().values() if "worker" in one["command"]]
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


def test_secrets_of_an_operator_stay_out_of_the_repository() -> None:
    ignored = (CHECKOUT / ".gitignore").read_text(encoding="utf-8").split()

    assert {"/deploy/env", "/deploy/secrets/", "/deploy/certificates/"} <= set(ignored)
    compose = read_compose()
    for secret in compose["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert {name for one in compose["services"].values() for name in one.get("secrets", [])} == set(
        compose["secrets"]
    )
