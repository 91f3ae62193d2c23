"""What starts again when it dies: one part that dies must not take the others along."""

from config.local.announcement import say
from config.local.processes import Child

FIRST, LONGEST = 1.0, 30.0  # seconds from a death to the next start
SETTLED = 60.0  # seconds of life after which a death counts as the first one again


class Revival:
    """The lives of one child; each short one is followed by a longer pause."""

    def __init__(self, child: Child, *, at: float) -> None:
        self.child = child
        self.began_at = at  # seconds of a monotonic clock, like every time here
        self.due_at: float | None = None  # while it is dead
        self.pause = 0.0

    def look(self, *, at: float) -> None:
        """Say that it died, or start it again when its pause is over."""
        if self.due_at is None:
            if self.child.ended:
                self._wait(at)
        elif at >= self.due_at:
            self._start(at)

    def _wait(self, at: float) -> None:
        short = self.pause and at - self.began_at < SETTLED
        self.pause = min(self.pause * 2, LONGEST) if short else FIRST
        self.due_at = at + self.pause
        status = self.child.process.returncode
        say(
            f"The {self.child.name} process ended by itself with status {status}; "
            f"it starts again in {self.pause:.0f} s. Its log: {self.child.log}"
        )

    def _start(self, at: float) -> None:
        self.began_at = at
        try:
            self.child.start_again()
        except OSError:  # no memory, no process ids: still dead, and tried again later
            self._wait(at)
        else:
            self.due_at = None
