"""What deploy/compose.yaml says: services with their commands and variables."""

from typing import Any

import yaml

from saas.local.addresses import CHECKOUT

DEPLOY = CHECKOUT / "deploy"


def read_compose() -> dict[str, Any]:
    """The file, its anchors put in."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def own_services() -> dict[str, dict[str, Any]]:
    """The services that run the program's own image, by name."""
    services = read_compose()["services"]
    return {name: one for name, one in services.items() if str(one["image"]).startswith("kartoteka:")}
