import django.db.models.deletion
import onedoor.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_given_password'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(default='listed', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('notice', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('method', models.CharField(max_length=10)),
                ('winners', models.PositiveSmallIntegerField()),
                ('alternates', models.PositiveSmallIntegerField()),
                ('listed_by', models.CharField(max_length=64)),
                ('listed_at', models.DateTimeField()),
                ('contest_until', models.DateTimeField()),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('serial', models.PositiveIntegerField(null=True)),
                ('freeze', models.TextField(blank=True)),
                ('freeze_hash', models.CharField(blank=True, max_length=64)),
                ('frozen_at', models.DateTimeField(null=True)),
                ('commit_deadline', models.DateTimeField(null=True)),
                ('open_deadline', models.DateTimeField(null=True)),
                ('typed', models.CharField(blank=True, max_length=100)),
                ('typed_by', models.CharField(blank=True, max_length=64)),
                ('value', models.CharField(blank=True, max_length=100)),
                ('witness', models.CharField(blank=True, max_length=100)),
                ('event_at', models.DateTimeField(null=True)),
                ('result', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('void_reason', models.CharField(blank=True, max_length=300)),
                ('void_by', models.CharField(blank=True, max_length=100)),
                ('void_at', models.DateTimeField(null=True)),
                ('purchaser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='market.draw')),
            ],
            options={
                'ordering': ['-listed_at', '-number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['listed', 'frozen', 'thrown', 'completed', 'void'])), name='draw_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('freeze', ''), ('frozen_at__isnull', True), ('serial__isnull', True)), models.Q(('frozen_at__isnull', False), ('serial__isnull', False), models.Q(('freeze', ''), _negated=True)), _connector='OR'), name='draw_frozen_whole'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'void'), ('void_at__isnull', False)), models.Q(models.Q(('state', 'void'), _negated=True), ('void_at__isnull', True)), _connector='OR'), name='draw_void_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'completed'), _negated=True), models.Q(('result', ''), _negated=True), _connector='OR'), name='draw_completed_has_result'), models.UniqueConstraint(fields=('year', 'serial'), name='draw_once_a_number')],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('party', models.CharField(max_length=10)),
                ('commit', models.CharField(max_length=64)),
                ('sealed', models.CharField(max_length=100)),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('number', models.CharField(blank=True, max_length=128)),
                ('opened_as', models.CharField(blank=True, max_length=8)),
                ('opened_by', models.CharField(blank=True, max_length=64)),
                ('opened_at', models.DateTimeField(null=True)),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='market.draw')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(fields=('draw', 'party'), name='contribution_once'), models.CheckConstraint(condition=models.Q(('party__in', ['operator', 'purchaser', 'supervisor'])), name='contribution_party'), models.CheckConstraint(condition=models.Q(models.Q(('number', ''), ('opened_at__isnull', True)), models.Q(models.Q(('number', ''), _negated=True), ('opened_at__isnull', False)), _connector='OR'), name='contribution_opened_whole')],
            },
        ),
        migrations.CreateModel(
            name='Entrant',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('uscc', models.CharField(max_length=18)),
                ('name', models.CharField(max_length=200)),
                ('weight', models.PositiveIntegerField(default=1)),
                ('excluded', models.CharField(blank=True, max_length=3)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entrants', to='market.draw')),
            ],
            options={
                'ordering': ['uscc'],
                'constraints': [models.UniqueConstraint(fields=('draw', 'uscc'), name='entrant_once'), models.CheckConstraint(condition=models.Q(models.Q(('excluded', ''), ('reason', '')), models.Q(models.Q(('excluded', ''), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='entrant_excluded_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Reason',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('action', models.CharField(max_length=10)),
                ('text', models.CharField(max_length=300)),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reasons', to='market.draw')),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='RulePack',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=300)),
                ('document', models.CharField(max_length=300)),
                ('first_on', models.DateField()),
                ('last_on', models.DateField()),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=71)),
                ('proposed_by', models.CharField(max_length=64)),
                ('proposed_at', models.DateTimeField()),
                ('confirmed_by', models.CharField(blank=True, max_length=64)),
                ('confirmed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-first_on', '-proposed_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_force', 'replaced'])), name='rule_pack_state_known'), models.CheckConstraint(condition=models.Q(('first_on__lte', models.F('last_on'))), name='rule_pack_days_in_order'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('confirmed_at__isnull', False), _connector='OR'), name='rule_pack_in_force_is_confirmed'), models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('first_on',), name='rule_pack_once_a_period')],
            },
        ),
        migrations.CreateModel(
            name='ScopeReceipt',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='market.rulepack')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pack', 'unit'), name='scope_receipt_once')],
            },
        ),
    ]
