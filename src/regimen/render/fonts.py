"""Which fonts does a picture need so that every letter of its texts is drawn, and none as a box?"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from regimen.errors import RegimenError

if TYPE_CHECKING:
    from matplotlib.font_manager import FontEntry

HOME = "DejaVu Sans"
"""Comes with matplotlib, so that a picture looks the same everywhere."""

_BOXES = "Last Resort High-Efficiency"
"""Comes with matplotlib too, and has a box for every letter there is."""

_BLANK = frozenset({"Cc", "Cf", "Mn", "Zs", "Zl", "Zp"})
"""Categories of characters that need no letter of their own."""
_SCRIPTS = {
    "CJK": "Noto Sans CJK", "HIRAGANA": "Noto Sans CJK", "KATAKANA": "Noto Sans CJK", "HANGUL": "Noto Sans CJK",
    "ARABIC": "Noto Sans Arabic", "HEBREW": "Noto Sans Hebrew", "THAI": "Noto Sans Thai",
    "DEVANAGARI": "Noto Sans Devanagari", "FULLWIDTH": "Noto Sans CJK", "IDEOGRAPHIC": "Noto Sans CJK",
}  # fmt: skip


def families_for(texts: Iterable[str]) -> tuple[str, ...]:
    """The font families to draw these texts with, the first being tried first for each letter.

    Raises RegimenError if an installed font is missing for some letter, or if letters that are written from right to
    left, or joined, cannot be put in order by this matplotlib.
    """
    letters = {letter for text in texts for letter in text if unicodedata.category(letter) not in _BLANK}
    _require_order(letters)
    missing = letters - _letters_of(HOME)
    families = [HOME]
    for family in _families() if missing else ():
        found = missing & _letters_of(family)
        if found:
            families.append(family)
            missing -= found
        if not missing:
            break
    if missing:
        raise RegimenError(_refusal(missing))
    return tuple(families)


def _families() -> Iterator[str]:
    """The other families, those made for many scripts first; at last what was installed since the list was made."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {font.name for font in fontManager.ttflist}
    yield from sorted(known - {HOME, _BOXES}, key=_many_scripts_first)
    files = {font.fname for font in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - files):
        with contextlib.suppress(RuntimeError, OSError):
            fontManager.addfont(path)
    _faces.cache_clear()
    yield from sorted({font.name for font in fontManager.ttflist} - known, key=_many_scripts_first)


def _many_scripts_first(name: str) -> tuple[bool, str]:
    return not name.startswith("Noto Sans"), name


@cache
def _faces() -> dict[str, str]:
    """The file of each family's plain face, upright and of normal weight if there is one."""
    from matplotlib.font_manager import fontManager, weight_dict

    def rank(font: FontEntry) -> tuple[bool, int, str]:
        weight = font.weight if isinstance(font.weight, int) else weight_dict.get(font.weight, 400)
        return font.style != "normal", abs(weight - 400), font.fname

    plainest = sorted(fontManager.ttflist, key=rank, reverse=True)
    return {font.name: font.fname for font in plainest}


@cache
def _letters_of(family: str) -> frozenset[str]:
    """What a family can draw; nothing where its file cannot be read."""
    from matplotlib.font_manager import get_font

    try:
        return frozenset(map(chr, get_font(_faces()[family]).get_charmap()))
    except (KeyError, RuntimeError, OSError):
        return frozenset()


def _require_order(letters: Iterable[str]) -> None:
    """From matplotlib 3.11 on, texts are shaped; before, letters from right to left would stand in the wrong order."""
    from matplotlib import ft2font

    backwards = sorted(letter for letter in letters if unicodedata.bidirectional(letter) in ("R", "AL"))
    if backwards and not hasattr(ft2font, "__libraqm_version__"):
        raise RegimenError(
            f"The letters {_shown(backwards)} are written from right to left, which needs matplotlib 3.11 or newer: "
            "run pip install --upgrade matplotlib and try again."
        )


def _refusal(missing: Iterable[str]) -> str:
    letters = sorted(missing)
    fonts = sorted({_font_with(letter) for letter in letters})
    return (
        f"No installed font has the letters {_shown(letters)}, so they would be drawn as boxes. Install a font that "
        f"has them, such as {' and '.join(fonts)}, and try again."
    )


def _font_with(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((font for script, font in _SCRIPTS.items() if name.startswith(script)), "a Noto font of this script")


def _shown(letters: list[str]) -> str:
    named = [f"{letter} (U+{ord(letter):04X})" for letter in letters[:5]]
    return ", ".join(named) + (f" and {len(letters) - 5} more" if len(letters) > 5 else "")
