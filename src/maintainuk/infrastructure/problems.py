class CannotStart(Exception):
    """Something a person has to put right first: the text says what is wrong and what to do."""


class NeedsDoing(Exception):
    """A part is not healthy: the text says what to do."""


class MindThis(Exception):
    """A part works, and somebody should know something about it: the text says what."""
