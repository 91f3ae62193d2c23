"""What no model describes: the table of the shared cache of the log-in library, the tally of
diary.limits, and the sequence that the change feed takes its places from."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", verbosity=0, database=schema_editor.connection.alias)


# Unlogged: a count costs no write-ahead log and no wait for the disk, and may be lost in a crash.
# Half-filled pages: a row that is counted again stays on its page, and the index as it is.
TALLY = """
    CREATE UNLOGGED TABLE diary_tally (
        key uuid PRIMARY KEY,
        times integer NOT NULL,
        ends_at timestamptz NOT NULL
    ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)
"""


class Migration(migrations.Migration):
    dependencies = [("diary", "0001_initial")]
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
        migrations.RunSQL(TALLY, "DROP TABLE diary_tally"),
        migrations.RunSQL(
            "CREATE SEQUENCE diary_feed_position AS bigint",
            reverse_sql="DROP SEQUENCE diary_feed_position",
        ),
    ]
