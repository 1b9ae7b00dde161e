"""MaintainUK: repairs to rented homes in the UK."""

__version__ = "0.1.0"
