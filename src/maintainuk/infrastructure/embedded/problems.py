class CannotStart(Exception):  # noqa: N818 - it is read as a sentence, and a person can put it right
    """Something a person has to put right first: the text says what is wrong and what to do."""
