"""How does any text become part of a Markdown page without being taken for Markdown itself?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Only what Markdown would act on there: "first_dose", "<45 kg" and "[a]" stay as people write them.
_SPECIAL = re.compile(r"[\\`*|]|(?<!\w)_|_(?!\w)|\](?=[(\[:])|<(?=[a-zA-Z/!?])|~(?=~)|&(?=#?\w+;)")
_BLOCK_START = re.compile(r"^(#|[-+](?= )|\d+(?=[.)]))")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A pipe table."""
    lines = [headings, ["---"] * len(headings), *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def listed(heading: str, sentences: Iterable[str]) -> str:
    """A heading with a list below it; nothing where there is nothing to list."""
    lines = [f"- {sentence}" for sentence in sentences]
    return f"## {heading}\n\n" + "\n".join(lines) if lines else ""


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line and in one cell."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def safe_start(text: str) -> str:
    """Text that cannot open a heading or a list of its own."""
    return _BLOCK_START.sub(
        lambda found: f"\\{found.group()}" if not found.group().isdigit() else f"{found.group()}\\", text
    )
