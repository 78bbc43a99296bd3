import django.db.models.deletion
import onedoor.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_given_password'),
        ('files', '0001_initial'),
        ('rectification', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('origin', models.CharField(max_length=10)),
                ('title', models.CharField(max_length=300)),
                ('series', models.CharField(blank=True, db_index=True, max_length=120)),
                ('index_number', models.CharField(blank=True, max_length=64)),
                ('published_on', models.DateField(null=True)),
                ('content', models.JSONField()),
                ('content_digest', models.CharField(max_length=71, unique=True)),
                ('text_digest', models.CharField(max_length=71)),
                ('made_at', models.DateTimeField(db_index=True)),
                ('made_by', models.CharField(max_length=64)),
                ('supersedes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='reports.report')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('origin__in', ['imported', 'read', 'live'])), name='report_origin_known'), models.CheckConstraint(condition=models.Q(('content_digest__startswith', 'sha256:'), ('text_digest__startswith', 'sha256:')), name='report_digests')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=71, unique=True)),
                ('lines', models.JSONField()),
                ('content', models.JSONField()),
                ('marks', models.JSONField()),
                ('state', models.CharField(max_length=10)),
                ('read_at', models.DateTimeField()),
                ('read_by', models.CharField(max_length=64)),
                ('report', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reading', to='reports.report')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'confirmed', 'dropped'])), name='reading_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('index_number', models.CharField(max_length=64, null=True, unique=True)),
                ('salt', models.CharField(max_length=32)),
                ('begun_at', models.DateTimeField()),
                ('publisher', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='accounts.organisation')),
                ('report', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='reports.report')),
            ],
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=0)),
                ('formed_on', models.DateField()),
                ('title', models.CharField(max_length=300)),
                ('column', models.CharField(max_length=50)),
                ('doc_number', models.CharField(blank=True, max_length=60)),
                ('validity', models.CharField(default='in_force', max_length=10)),
                ('topic', models.CharField(blank=True, max_length=40)),
                ('genre', models.CharField(blank=True, max_length=20)),
                ('audience', models.CharField(blank=True, max_length=60)),
                ('keywords', models.CharField(blank=True, max_length=200)),
                ('summary', models.CharField(blank=True, max_length=500)),
                ('change_reason', models.CharField(blank=True, max_length=500)),
                ('paragraphs', models.JSONField()),
                ('tables', models.JSONField()),
                ('figures', models.JSONField()),
                ('text', models.TextField(blank=True)),
                ('digest', models.CharField(blank=True, max_length=71)),
                ('publisher_name', models.CharField(blank=True, max_length=200)),
                ('written_by', models.CharField(max_length=64)),
                ('writers', models.JSONField()),
                ('written_at', models.DateTimeField()),
                ('returned_reason', models.CharField(blank=True, max_length=500)),
                ('checked_by', models.CharField(blank=True, max_length=64)),
                ('checked_at', models.DateTimeField(null=True)),
                ('published_by', models.CharField(blank=True, max_length=64)),
                ('published_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=64)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, max_length=500)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='reports.publication')),
                ('report', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='reports.report')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'published_at'], name='edition_public')],
                'constraints': [models.UniqueConstraint(fields=('publication', 'number'), name='edition_once'), models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('publication',), name='edition_one_published'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'review', 'cleared'])), fields=('publication',), name='edition_one_open'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'review', 'cleared', 'published', 'replaced', 'withdrawn', 'dropped'])), name='edition_state_known'), models.CheckConstraint(condition=models.Q(('validity__in', ['in_force', 'expired', 'repealed', 'amended'])), name='edition_validity_known'), models.CheckConstraint(condition=models.Q(('checked_by', ''), models.Q(('checked_by', models.F('written_by')), _negated=True), _connector='OR'), name='edition_checked_by_another'), models.CheckConstraint(condition=models.Q(('published_by', ''), models.Q(models.Q(('published_by', models.F('checked_by')), _negated=True), models.Q(('published_by', models.F('written_by')), _negated=True)), _connector='OR'), name='edition_published_by_a_third'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'replaced', 'withdrawn']), _negated=True), models.Q(('digest__startswith', 'sha256:'), ('published_at__isnull', False), models.Q(('checked_by', ''), _negated=True), models.Q(('published_by', ''), _negated=True)), _connector='OR'), name='edition_public_was_checked'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['withdrawn', 'dropped']), _negated=True), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='edition_ended_with_reason'), models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('change_reason', ''), _negated=True), _connector='OR'), name='edition_change_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='ReportFinding',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('place', models.PositiveIntegerField()),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told_in', to='rectification.finding')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told', to='reports.report')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'place'), name='report_place_once'), models.UniqueConstraint(fields=('report', 'finding'), name='report_finding_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportNote',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('place', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('text', models.TextField(blank=True)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='reports.report')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'place'), name='report_note_once')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('place', models.PositiveIntegerField()),
                ('heading', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField()),
                ('state', models.CharField(default='to_break_down', max_length=15)),
                ('due_on', models.DateField(null=True)),
                ('goal', models.CharField(blank=True, max_length=300)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='reports.report')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'place'), name='report_task_once'), models.CheckConstraint(condition=models.Q(('state__in', ['to_break_down', 'assigned', 'done'])), name='task_state_known'), models.CheckConstraint(condition=models.Q(('state', 'to_break_down'), models.Q(('due_on__isnull', False), ('unit__isnull', False)), _connector='OR'), name='task_broken_down_has_owner')],
            },
        ),
        migrations.CreateModel(
            name='CheckHit',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('place', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=15)),
                ('spots', models.JSONField()),
                ('settling', models.CharField(blank=True, max_length=10)),
                ('reason', onedoor.kernel.fields.EncryptedTextField(purpose='check.reason')),
                ('settled_by', models.CharField(blank=True, max_length=64)),
                ('settled_at', models.DateTimeField(null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hits', to='reports.edition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'place'), name='check_hit_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['secrecy', 'id_number', 'bank_account', 'phone', 'name'])), name='check_hit_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settling', '')), models.Q(('settling__in', ['kept', 'masked']), ('settled_at__isnull', False), models.Q(('settled_by', ''), _negated=True)), _connector='OR'), name='check_hit_settled_by_somebody')],
            },
        ),
    ]
