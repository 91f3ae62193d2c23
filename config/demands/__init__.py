"""What a deployment must have: each demand yields sentences that name a setting, never a value."""
