"""Does every letter of a picture have a font?"""

import pytest

pytest.importorskip("matplotlib")

from matplotlib import ft2font
from tests.render.gantt_trials import calendar, event

from regimen.errors import RegimenError
from regimen.render import fonts, gantt


@pytest.mark.parametrize("text", ["", "10 mg × 2 − ≈ ≤ µ", "Λευχαιμία", "Лейкоз", "tab\t\u200b\u0301 and blanks\u00a0"])
def test_common_letters_need_no_other_font(text):
    """Latin, Greek and Cyrillic letters are in the font that comes with matplotlib; blanks need none."""
    assert fonts.families_for([text]) == (fonts.HOME,)


def test_letters_without_a_font_are_refused_by_name(monkeypatch):
    """The letters are named with what to install; a picture with boxes instead of letters is never made."""
    monkeypatch.setattr(fonts, "_families", lambda: iter(()))
    with pytest.raises(RegimenError) as raised:
        gantt.figure(calendar([event("drug", 0)], lanes={"drug": "贝利"}))
    assert str(raised.value) == (
        "No installed font has the letters 利 (U+5229), 贝 (U+8D1D), so they would be drawn as boxes. Install a font "
        "that has them, such as Noto Sans CJK, and try again."
    )


def test_many_missing_letters_are_counted(monkeypatch):
    """Five letters are named, the others counted."""
    monkeypatch.setattr(fonts, "_families", lambda: iter(()))
    with pytest.raises(RegimenError, match=r"and 3 more, so"):
        fonts.families_for(["一二三四五六七八"])


def test_the_font_of_boxes_is_never_chosen(monkeypatch):
    """A font that draws every letter as a box would hide that one is missing."""
    assert fonts._BOXES not in list(fonts._families())


def test_a_family_is_added_for_letters_of_its_own(monkeypatch):
    """Only families that have a missing letter are taken, and no more than are needed."""
    has = {fonts.HOME: frozenset("ab"), "Other": frozenset("ax"), "Wide": frozenset("xyz")}
    monkeypatch.setattr(fonts, "_families", lambda: iter(("None", "Other", "Wide", "Last")))
    monkeypatch.setattr(fonts, "_letters_of", lambda family: has.get(family, frozenset()))
    assert fonts.families_for(["ab x"]) == (fonts.HOME, "Other")
    assert fonts.families_for(["ab xy"]) == (fonts.HOME, "Other", "Wide")


def test_letters_from_right_to_left():
    """Hebrew and Arabic are put in order by matplotlib where it can, and refused where it cannot."""
    if hasattr(ft2font, "__libraqm_version__"):
        assert fonts.families_for(["עברית عربي"]) == (fonts.HOME,)
    else:
        with pytest.raises(RegimenError, match=r"right to left, which needs matplotlib 3\.11"):
            fonts.families_for(["עברית"])
