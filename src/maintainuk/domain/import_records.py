"""What an import remembers: what was wrong with which row, what it made, and what stood there before it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to
from maintainuk.domain.errors import Reason
from maintainuk.domain.imports import Problem
from maintainuk.domain.sealing import Sealed


class ImportProblem(OwnedByOrganisation, Entity, kw_only=True):
    """Why one row of a file is bad, or (row 0) why something that an import made stays when it is undone.

    It repeats nothing of what the row holds: facts are numbers of rows, days and addresses.
    """

    __tablename__ = "import_problems"
    __table_args__ = (belongs_to("import_runs", "import_id"), Index(None, "org_id", "import_id", "row", "id"))

    import_id: Mapped[UUID]
    row: Mapped[int]
    column: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """It as it was found."""
        return Problem(self.row, self.column, Reason.kept(self.reason, self.facts))


class ImportMade(OwnedByOrganisation, Entity, kw_only=True):
    """Rows of one table that a portion of an import made: the history of each of them begins with `entry_id`."""

    __tablename__ = "import_made"
    __table_args__ = (belongs_to("import_runs", "import_id"), Index(None, "org_id", "import_id"))

    import_id: Mapped[UUID]
    made_in: Mapped[str]
    """The table."""
    ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    entry_id: Mapped[UUID | None] = mapped_column(default=None)
    """The row of the audit log that tells of the portion; unknown of what came in before this was written down."""
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    """When an undo dealt with them; those that are still there stayed."""


class ImportChange(OwnedByOrganisation, Entity, kw_only=True):
    """What stood in a row before an import changed it, sealed because it may be somebody's name.

    `left_at` is the version that the import left: at any other, somebody has worked with it since.
    """

    __tablename__ = "import_changes"
    __table_args__ = (
        belongs_to("import_runs", "import_id"),
        Index(None, "org_id", "import_id"),
        Index(None, "org_id", "subject_id"),
    )

    import_id: Mapped[UUID]
    changed_in: Mapped[str]
    """The table."""
    subject_id: Mapped[UUID]
    before: Mapped[str] = mapped_column(Sealed("import_changes.before"))
    """JSON: the fields that were changed, as they were."""
    left_at: Mapped[int]
