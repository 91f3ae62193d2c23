"""The pages on which a physician reads what the own patients wrote."""

from diary.admin import records, rejected

__all__ = ["records", "rejected"]
