"""`manage.py rename_association SLUG [--name …] [--slug …]`: another name, or another slug and host."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from saas.keeping.command_line import as_json, said_plainly
from saas.keeping.renaming import change_name, change_slug
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association
from saas.tenancy.naming import clean_name, clean_slug


class Command(OperatorCommand):
    """The former host goes on serving unless it is dropped; schema, files and backups keep their names."""

    help = "Give an association another name, another slug, or both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and what it is to be called."""
        parser.add_argument("slug", help="the association")
        parser.add_argument("--name", help="as owners read it")
        parser.add_argument("--slug", dest="new_slug", help="in addresses and commands")
        parser.add_argument(
            "--drop-old-host", action="store_true", help="stop serving the former slug's host"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change and print."""
        if not options["name"] and not options["new_slug"]:
            raise CommandError("Give --name or --slug.")
        association = need_association(options["slug"])
        with said_plainly():
            name = clean_name(options["name"]) if options["name"] else ""
            slug = clean_slug(options["new_slug"]) if options["new_slug"] else association.slug
            if slug != association.slug:
                keeps_host = not options["drop_old_host"]
                association = change_slug(association, slug=slug, keeps_host=keeps_host, actor=OPERATOR)
            if name:
                change_name(association, name=name, actor=OPERATOR)
        host = f"{slug}.{settings.APEX_HOST}"
        if options["json"]:
            self.stdout.write(as_json({"slug": slug, "host": host, **({"name": name} if name else {})}))
        else:
            self.stdout.write(f"{options['slug']}: now {slug}{f' ({name})' if name else ''}, at {host}")
            if slug != options["slug"]:
                self.stdout.write(f"A drop folder {options['slug']} is to be renamed by hand to {slug}.")
