"""Files that are recognised in order to say what to do with them, not to read them."""

from workers.formats.source import Source

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_SEARCHED = 64 * 1024

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "To jest plik PDF. Wyeksportuj dane z programu jako CSV albo XLSX."),
    (b"{\\rtf", "To jest dokument RTF. Wyeksportuj dane z programu jako CSV albo XLSX."),
    (b"<html", "To jest strona HTML. Otwórz ją w arkuszu i zapisz jako XLSX."),
    (b"<!DOCTYPE", "To jest strona HTML. Otwórz ją w arkuszu i zapisz jako XLSX."),
    (b"PK", "To jest dokument, którego nie czytamy. Zapisz arkusz jako XLSX lub CSV."),
    (b"Rar!", "To jest archiwum RAR. Spakuj pliki do formatu ZIP."),
    (b"7z\xbc\xaf\x27\x1c", "To jest archiwum 7z. Spakuj pliki do formatu ZIP."),
    (b"\x1f\x8b", "To jest archiwum GZIP. Spakuj pliki do formatu ZIP."),
    (b"\x89PNG", "To jest obraz. Wyeksportuj dane z programu jako CSV albo XLSX."),
    (b"\xff\xd8\xff", "To jest obraz. Wyeksportuj dane z programu jako CSV albo XLSX."),
)


def explain_unknown(source: Source, head: bytes) -> tuple[str, str]:
    """Code and Polish advice for a file that no format reads."""
    if head.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in source.head(_SEARCHED) or _ends_with_encryption(source):
            return "encrypted", "Skoroszyt jest zabezpieczony hasłem. Zapisz go bez hasła i wgraj ponownie."
        return (
            "unsupported_format",
            "To jest stary dokument (na przykład DOC), nie skoroszyt. Zapisz dane jako XLSX lub CSV.",
        )
    advice = known_otherwise(head)
    if advice:
        return "unsupported_format", advice
    return "unknown_format", (
        "Nie rozpoznano formatu pliku. Czytamy pliki CSV, TXT, XLSX, XLS, ODS, DBF, XML, wyciągi MT940 i archiwa ZIP "
        "z nimi."
    )


def known_otherwise(head: bytes) -> str | None:
    """Polish advice where a file begins as one of the formats that are not read."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((advice for signature, advice in _SIGNATURES if start.startswith(signature.lower())), None)


def _ends_with_encryption(source: Source) -> bool:
    with source.open() as stream:
        stream.seek(max(0, source.size - _SEARCHED))
        return _ENCRYPTED_PACKAGE in stream.read(_SEARCHED)
