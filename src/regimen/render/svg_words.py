"""What does somebody get who reads an svg without seeing it? A role, a title, and all texts in reading order."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FAMILY, _ALIKE = b"'DejaVu Sans'", b"'DejaVu Sans', 'Bitstream Vera Sans', Verdana, sans-serif"
"""Verdana is about as wide, so that texts keep their places where the first font is not installed."""


def accessible(svg: bytes, painted: Figure, description: str | None = None) -> bytes:
    """The picture with a title and a description, which screen readers read, and fonts alike for its texts.

    Without a description of its own, all its texts are the description.
    """
    title = escape(str(painted.get_label()))
    told = escape(description or ". ".join(text.rstrip(".") for text in _texts(painted)) + ".")
    start = svg.index(b"<svg ")
    end = svg.index(b">", start)
    head = svg[start:end] + b' role="img" aria-labelledby="title description">'
    said = f'\n <title id="title">{title}</title>\n <desc id="description">{told}</desc>'.encode()
    return svg[:start] + head + said + _without_title(svg[end + 1 :]).replace(_FAMILY, _ALIKE)


def _without_title(rest: bytes) -> bytes:
    """Without the title that matplotlib writes, since a picture has one."""
    before, opened, after = rest.partition(b"<title>")
    return before.rstrip() + after.partition(b"</title>")[2] if opened else rest


def _texts(painted: Figure) -> list[str]:
    from matplotlib.text import Text

    found = (text.get_text() for text in painted.findobj(Text) if isinstance(text, Text) and text.get_visible())
    return list(dict.fromkeys(" ".join(text.split()) for text in found if text.strip()))
