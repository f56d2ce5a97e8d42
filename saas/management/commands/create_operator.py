"""`manage.py create_operator EMAIL --name NAME`: an account that runs the platform."""

from saas.management.commands.create_manager import Command as CreateManager


class Command(CreateManager):
    """As create_manager; grants of an operator must end by themselves."""

    help = "Create an account for an operator of the platform; each grant for it needs an end (--hours)."
    is_operator = True
