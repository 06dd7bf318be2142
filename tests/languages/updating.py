"""Bring the catalogues up to the sentences of the source: ``python -m tests.languages.updating``.

Translations are kept; new sentences are left empty to be filled in, and sentences that are gone are taken out.
"""

from __future__ import annotations

from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from tests.languages.extracting import CATALOGUES, sentences

from regimen.languages import KNOWN

HEADER = """\
# {name}: what regimen says in patient pages and calendar files.
# Made without review by a clinical translator: have it reviewed before patients use it.
# {{fields}} and doses stay as they are."""


def updated(code: str, old: bytes) -> bytes:
    """The catalogue with exactly the sentences of the source, in their order."""
    locale = code.replace("-", "_")
    known = read_po(BytesIO(old), locale=locale) if old else Catalog(locale=locale)
    catalogue = Catalog(locale=locale, domain="regimen", header_comment=HEADER.format(name=KNOWN[code]), fuzzy=False)
    for sentence in sentences():
        before = known.get(sentence.one)
        kept = before.string if before and isinstance(before.string, tuple) == bool(sentence.many) else ""
        catalogue.add(sentence.id, kept, locations=[(sentence.module, 0)])
    written = BytesIO()
    write_po(written, catalogue, width=0, omit_header=True, include_lineno=False)
    return f"{catalogue.header_comment}\n{_head(catalogue, locale)}\n".encode() + written.getvalue()


def _head(catalogue: Catalog, locale: str) -> str:
    """The header without dates and makers, so that the same source gives the same bytes."""
    lines = [
        f"Language: {locale}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalogue.plural_forms}",
    ]
    return "\n".join(['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines)]) + "\n"


def main() -> None:
    """Write each catalogue, and say how many sentences it lacks."""
    for code in KNOWN:
        if code == "en":
            continue
        path = CATALOGUES / f"{code}.po"
        path.write_bytes(content := updated(code, path.read_bytes() if path.exists() else b""))
        empty = [m for m in read_po(BytesIO(content)) if m.id and not all(_texts(m.string))]
        print(f"{path.name}: {len(empty)} to be translated")


def _texts(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


if __name__ == "__main__":
    main()
