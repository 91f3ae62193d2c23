"""The far ends of the wire, real servers on free loopback ports."""
