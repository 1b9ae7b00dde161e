"""Jobs about the machinery itself."""

from maintainuk.application.jobs import NoOperation
from maintainuk.bootstrap import Providers
from maintainuk.worker.handlers import handles


@handles(NoOperation)
class NoOperationHandler:
    """Does nothing, which shows that jobs run."""

    def __init__(self, providers: Providers) -> None:
        """Need nobody."""

    async def run(self, job: NoOperation) -> None:
        """Do nothing."""
