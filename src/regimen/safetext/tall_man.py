"""How is a drug's name printed where look-alike names are told apart by capital letters? Data with a version."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class TallMan:
    """A list of names with their tall letters, with its version and source."""

    version: str
    source: str
    names: tuple[str, ...]

    def applied(self, text: str) -> str:
        """Every name of the list that stands in ``text`` as a whole word, with its tall letters."""
        spelled = {name.lower(): name for name in self.names}
        return re.sub(r"[A-Za-z]+", lambda word: spelled.get(word[0].lower(), word[0]), text)


@lru_cache(maxsize=1)
def tall_man_list() -> TallMan:
    """The list that is shipped; outputs that use it name its version."""
    data = json.loads(files("regimen.safetext").joinpath("tall_man.json").read_text(encoding="utf-8"))
    return TallMan(data["version"], data["source"], tuple(data["names"]))


def drug_in_words(name: str, *, tall_man: bool = False) -> str:
    """A drug's name for people; the definition keeps its own spelling, whatever is printed."""
    return tall_man_list().applied(name) if tall_man else name
