"""Where files of another system are kept until they are in."""

from uuid import UUID


def file_of(org_id: UUID, import_id: UUID) -> str:
    """Return where the file of an import is kept until it is in."""
    return f"{files_of(org_id)}/{import_id}"


def portion_of(org_id: UUID, import_id: UUID, begins: int) -> str:
    """Return where the good rows of a portion are kept, as they were understood, until they are in."""
    return f"{file_of(org_id, import_id)}-{begins}"


def files_of(org_id: UUID) -> str:
    """Return the folder of an organisation's files on their way in."""
    return f"imports/{org_id}"
