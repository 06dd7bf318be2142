"""What does a sentence say in another language? The .po file itself is read, so nothing compiled can be out of date."""

from __future__ import annotations

import gettext
from functools import cache
from importlib.resources import files
from io import BytesIO

from regimen.errors import RegimenError

KNOWN = {"en": "English", "de": "Deutsch", "es": "español", "fr": "français", "zh-Hans": "简体中文"}
"""Each code with the language's own name; English is the source and has no catalogue."""
_ALIASES = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-hans-cn": "zh-Hans"}


class UnknownLanguage(RegimenError):
    """There is no catalogue of this language."""


class Untranslated(RegimenError):
    """A sentence has no translation; it is never said in English instead."""


def code_of(text: str) -> str:
    """The code as it is written here: ``zh_CN`` is ``zh-Hans``. Raises UnknownLanguage, which lists what is known."""
    wanted = text.strip().replace("_", "-").casefold()
    known = {code.casefold(): code for code in KNOWN} | _ALIASES
    if wanted in known:
        return known[wanted]
    listed = ", ".join(f"{code} ({name})" for code, name in KNOWN.items())
    raise UnknownLanguage(f"There is no language {text!r}; choose one of {listed}.")


@cache
def translations(code: str) -> gettext.GNUTranslations:
    """The sentences of a language that is not English; doubtful (fuzzy) ones count as missing."""
    needs_babel(code)
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    catalogue = read_po(BytesIO(text_of(code)), locale=code.replace("-", "_"), domain="regimen")
    # Babel would fill a missing plural form with the English one.
    for unfinished in [one for one in catalogue if isinstance(one.string, tuple) and not all(one.string)]:
        catalogue.delete(unfinished.id)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    found = gettext.GNUTranslations(compiled)
    found.add_fallback(_Refusing(code))
    return found


def text_of(code: str) -> bytes:
    """The catalogue as it is shipped."""
    return files("regimen.languages").joinpath("catalogues", f"{code}.po").read_bytes()


def needs_babel(code: str) -> None:
    """Raise RegimenError if Babel, which knows the dates and plurals of other languages, is not installed."""
    try:
        import babel  # noqa: F401
    except ImportError:
        raise RegimenError(
            f"Babel is not installed, and {KNOWN[code]} ({code}) needs it; install it with: "
            "pip install 'regimen[languages]', or take English, --language en."
        ) from None


class _Refusing(gettext.NullTranslations):
    """Asked only for what a catalogue lacks."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code

    def gettext(self, message: str) -> str:
        raise Untranslated(
            f"There is no {KNOWN[self.code]} ({self.code}) for {message!r}, and English is not put in its place. "
            f"Add it to regimen/languages/catalogues/{self.code}.po, or take English, --language en."
        )

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:  # noqa: ARG002 - gettext names them
        return self.gettext(msgid1)
