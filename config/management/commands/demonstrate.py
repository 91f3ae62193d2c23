"""Demonstration people and diaries, for looking around and for a first request."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import demonstration, sandbox, sandbox_push
from config.demonstration import STORIES


class Command(BaseCommand):
    help = "Make the demonstration's people and diaries, where they are missing; say who they are."

    def handle(self, *_: Any, **__: Any) -> None:
        try:
            sandbox.check_allowed()
        except sandbox.Refused as refusal:
            raise CommandError(str(refusal)) from None
        sandbox_push.remember_port()
        password = sandbox.fill()
        self.stdout.write("Log-ins of the demonstration (all with the same password):")
        for email in demonstration.PHYSICIANS:
            self.stdout.write(f"  physician  {email}")
        for story in STORIES:
            self.stdout.write(f"  patient    {story.email:<29} {story.about}")
        self.stdout.write(f"  password   {password}")
