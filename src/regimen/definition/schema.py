"""What may an editor offer while one writes a definition? The JSON Schema of the format, generated from the models."""

from __future__ import annotations

import json
from typing import Any

from regimen.definition.models import Study

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``regimen/1``."""
    generated = Study.model_json_schema(by_alias=True)
    return {"$schema": DIALECT, "$id": "urn:regimen:1", **generated}


def schema_text() -> str:
    """The schema as text, as it stands in ``schemas/``."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
