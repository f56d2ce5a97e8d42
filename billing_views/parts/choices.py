"""A form that chooses what is shown (year, account, medium) and asks for it with GET and „Pokaż"."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice."""

    value: str
    label: str
    is_selected: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One drop-down list: the name of the parameter, its label and its options."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ChoiceForm:
    """All choices of a page; `kept` are further parameters that the address keeps."""

    action_url: str
    choices: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...] = ()
