"""A table that a page shows, for a file: what was worked out for readers, and so no dataset of what is kept."""

from dataclasses import dataclass, field

from trustportal.opendata.dataset import Column, Row, Words


@dataclass(frozen=True)
class Table:
    """Columns, each with what it means. `name` is that of its file."""

    name: str
    title: Words
    description: Words
    columns: tuple[Column, ...] = field(repr=False)

    def row(self, thing: object) -> Row:
        """The facts of one thing."""
        return {column.name: column.value(thing) for column in self.columns}
