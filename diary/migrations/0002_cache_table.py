"""What no model describes: the table of the shared cache, which counts log-in attempts, and the
sequence that the change feed takes its places from."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", verbosity=0, database=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("diary", "0001_initial")]
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE SEQUENCE diary_feed_position AS bigint",
            reverse_sql="DROP SEQUENCE diary_feed_position",
        ),
    ]
