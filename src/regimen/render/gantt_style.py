"""What does each thing on the plot look like: which colour, how light, and is text on it black or white?"""

from __future__ import annotations

from dataclasses import dataclass

from regimen.errors import RegimenError

THEMES = ("colour", "grey")

# Okabe and Ito's palette, which stays apart for colour-blind readers; its yellow and black are left out because
# yellow is too faint on paper and black is the colour of visits.
_OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
_GREYS = ("#5A5A5A", "#8A8A8A", "#6E6E6E", "#A0A0A0")
_VISIT, _ACTIVITY = "#2B2B2B", "#6B6B6B"

INK = "#1A1A1A"
QUIET_INK = "#555555"
PAPER = "#FFFFFF"


@dataclass(frozen=True, slots=True, order=True)
class Fill:
    """How a shape is filled: its colour, hatched when it is not decided, dashed when it is optional."""

    colour: str
    edge: str
    hatched: bool = False
    dashed: bool = False
    layer: float = 2.0
    """What lies on top of what; a higher layer is painted later."""
    role: str = "dose"


def require_theme(theme: str) -> None:
    """Refuse a theme that does not exist, naming those that do."""
    if theme not in THEMES:
        raise RegimenError(f"There is no theme {theme!r} for a plot; the themes are {' and '.join(THEMES)}.")


def lane_colour(kind: str, number: int, theme: str) -> str:
    """The colour of the lane: drugs take turns through the palette, visits and activities are dark and mid grey."""
    if kind != "dose":
        return _ACTIVITY if kind == "activity" else _VISIT
    palette = _OKABE_ITO if theme == "colour" else _GREYS
    return palette[number % len(palette)]


def event_fill(colour: str, *, tentative: bool, optional: bool, role: str = "dose") -> Fill:
    """Full colour when planned, light and hatched when not decided, a dashed dark outline when optional."""
    light = tint(colour, 0.75 if tentative else 0.45 if optional else 0.0)
    edge = shade(colour, 0.35) if tentative or optional else PAPER
    return Fill(light, edge, hatched=tentative, dashed=optional, layer=3.0, role=role)


def window_fill(colour: str, *, preferred: bool) -> Fill:
    """A light band, a little darker where the protocol prefers the days."""
    strength, role = (0.6, "preferred window") if preferred else (0.8, "window")
    light = tint(colour, strength)
    return Fill(light, light, layer=1.3 if preferred else 1.2, role=role)


GHOSTS = ("moved", "missed", "held", "off")
"""Marks of what is not where it was planned."""


def ghost_fill(colour: str) -> Fill:
    """An outline on paper: this is not there any more."""
    return Fill(PAPER, shade(colour, 0.35), layer=3.0, role="ghost")


def tint(colour: str, share: float) -> str:
    """The colour mixed with white; a share of 1 is white."""
    return _mix(colour, 255, share)


def shade(colour: str, share: float) -> str:
    """The colour mixed with black; a share of 1 is black."""
    return _mix(colour, 0, share)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on the colour."""
    red, green, blue = _channels(colour)
    return PAPER if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else INK


def _mix(colour: str, target: int, share: float) -> str:
    mixed = (round(channel + (target - channel) * share) for channel in _channels(colour))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
