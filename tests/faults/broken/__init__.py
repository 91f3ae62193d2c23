"""Builds that are broken on purpose: the fault bench must see it, or it is worth nothing."""
