"""One instance on this machine: its services, its keys and its three processes."""


class CannotRun(Exception):
    """Something stands in the way; the message says what it is and what to do about it."""
