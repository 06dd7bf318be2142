"""In which language does a page or calendar speak? English sentences are the keys; catalogues hold the others."""

from __future__ import annotations

from regimen.languages.catalogue import KNOWN, UnknownLanguage, Untranslated, code_of
from regimen.languages.language import ENGLISH, Language, message, readable_languages

__all__ = [
    "ENGLISH",
    "KNOWN",
    "Language",
    "UnknownLanguage",
    "Untranslated",
    "code_of",
    "message",
    "readable_languages",
]
