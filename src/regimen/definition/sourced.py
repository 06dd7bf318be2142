"""Where does a value of a definition come from? Documents, and what is assumed or left open, for every part of one."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from regimen.definition.values import Words


class Model(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class Source(Model):
    """Where a value comes from; no sentence is copied."""

    document: Annotated[Words, Field(description="A key of `sources`, or the document's name.")]
    section: Annotated[Words | None, Field(description="Which section, table or page.")] = None

    def __str__(self) -> str:
        return f"{self.document}, {self.section}" if self.section else self.document


def _source(value: Any) -> Any:
    if isinstance(value, str):
        document, _, section = (part.strip() for part in value.partition(","))
        return {"document": document, "section": section or None}
    return value


SourceText = Annotated[Source, BeforeValidator(_source, json_schema_input_type=str | Source)]
Reasons = dict[Words, Words]


class Sourced(Model):
    """What every item may say about itself: its source, and which of its values are not the protocol's own."""

    source: Annotated[SourceText | None, Field(description="Document and section the values come from.")] = None
    assumed: Annotated[Reasons, Field(description="Values that are assumed: key -> reason.")] = {}
    not_stated: Annotated[Reasons, Field(description="Values the protocol leaves open: key -> what is missing.")] = {}
    note: Annotated[Words | None, Field(description="A remark, kept as text.")] = None
