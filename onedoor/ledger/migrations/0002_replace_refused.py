"""SQLite refuses INSERT OR REPLACE too: the triggers are put in place after every migration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = []
