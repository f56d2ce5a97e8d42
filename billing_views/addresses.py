"""Parts of addresses of both doors: `<color:color>` and `<digest:digest>`."""

from django.urls import register_converter


class TextConverter:
    """A text that is in the address as it is."""

    regex: str

    @staticmethod
    def to_python(value: str) -> str:
        """As it stands."""
        return value

    @staticmethod
    def to_url(value: str) -> str:
        """As it stands."""
        return value


class ColorConverter(TextConverter):
    """`0f5b63`: red, green and blue."""

    regex = "[0-9a-f]{6}"


class DigestConverter(TextConverter):
    """A SHA-256 in small hexadecimal digits."""

    regex = "[0-9a-f]{64}"


register_converter(ColorConverter, "color")
register_converter(DigestConverter, "digest")
