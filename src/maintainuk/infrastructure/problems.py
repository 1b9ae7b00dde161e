class CannotStart(Exception):
    """Something a person has to put right first: the text says what is wrong and what to do."""
