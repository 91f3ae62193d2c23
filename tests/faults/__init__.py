"""The fault bench: what is injected, how much, and what must hold."""
