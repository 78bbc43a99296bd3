import django.db.models.deletion
import onedoor.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_given_password'),
        ('cases', '0001_initial'),
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default='to_verify', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('call_by', models.DateField()),
                ('answer_by', models.DateField()),
                ('called_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('second_level', models.CharField(blank=True, max_length=10)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'answer_by'], name='orders_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['to_verify', 'called', 'mending', 'to_answer', 'answered', 'archived', 'appealed', 'void', 'retracted'])), name='order_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'archived'), _negated=True), models.Q(('answered_at__isnull', False), ('called_at__isnull', False)), _connector='OR'), name='order_archived_after_contact')],
            },
        ),
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('follow_digest', models.CharField(max_length=64, unique=True)),
                ('code_key', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=12)),
                ('source', models.CharField(max_length=8)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('place', onedoor.kernel.fields.EncryptedTextField(purpose='matter.place')),
                ('text', onedoor.kernel.fields.EncryptedTextField(purpose='matter.text')),
                ('name', onedoor.kernel.fields.EncryptedTextField(purpose='matter.name')),
                ('phone', onedoor.kernel.fields.EncryptedTextField(purpose='matter.phone')),
                ('salt', models.CharField(max_length=32)),
                ('sent_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('first_due_on', models.DateField()),
                ('times_reopened', models.PositiveSmallIntegerField(default=0)),
                ('outcome', models.CharField(blank=True, max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matters', to='cases.case')),
                ('photo', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'due_on'], name='matters_waiting'), models.Index(fields=['sent_at'], name='matters_sent')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['cannot', 'no_receipt', 'ask', 'find', 'suggest'])), name='matter_kind_known'), models.CheckConstraint(condition=models.Q(('source__in', ['web', 'window', 'phone'])), name='matter_source_known'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'assigned', 'answered', 'archived'])), name='matter_state_known'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'done', 'mended', 'explained', 'unlawful'])), name='matter_outcome_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'archived'), _negated=True), models.Q(('answered_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='matter_archived_after_answer'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('first_due_on'))), name='matter_due_never_earlier')],
            },
        ),
        migrations.CreateModel(
            name='MatterNote',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('action', models.CharField(max_length=10)),
                ('way', models.CharField(blank=True, max_length=10)),
                ('salt', models.CharField(max_length=32)),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, max_length=10)),
                ('text', onedoor.kernel.fields.EncryptedTextField(purpose='matter.note')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='feedback.matter')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['version'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('matter', 'version'), name='matter_note_once'), models.CheckConstraint(condition=models.Q(('way__in', ['', 'phone', 'visit', 'message', 'unreached'])), name='matter_way_known'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'done', 'mended', 'explained', 'unlawful'])), name='matter_note_outcome_known')],
            },
        ),
        migrations.CreateModel(
            name='OrderNote',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('action', models.CharField(max_length=10)),
                ('way', models.CharField(blank=True, max_length=10)),
                ('salt', models.CharField(max_length=32)),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('level', models.CharField(blank=True, max_length=10)),
                ('text', onedoor.kernel.fields.EncryptedTextField(purpose='rating.note')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='feedback.order')),
            ],
            options={
                'ordering': ['version'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('order', 'version'), name='order_note_once'), models.CheckConstraint(condition=models.Q(('way__in', ['', 'phone', 'visit', 'message', 'unreached'])), name='order_way_known')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=60, unique=True)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('served_at', models.DateTimeField()),
                ('level', models.CharField(max_length=10)),
                ('level_before', models.CharField(blank=True, max_length=10)),
                ('indicators', models.JSONField(default=list)),
                ('channel', models.CharField(max_length=10)),
                ('text', onedoor.kernel.fields.EncryptedTextField(purpose='rating.text')),
                ('phone', onedoor.kernel.fields.EncryptedTextField(purpose='rating.phone')),
                ('salt', models.CharField(max_length=32)),
                ('rated_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(null=True)),
                ('is_counted', models.BooleanField(default=True)),
                ('case', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rating', to='cases.case')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'rated_at'], name='ratings_of_unit'), models.Index(condition=models.Q(('case__isnull', True)), fields=['served_at'], name='ratings_of_visits')],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['excellent', 'good', 'fair', 'poor', 'bad'])), name='rating_level_known'), models.CheckConstraint(condition=models.Q(('channel__in', ['pc', 'mobile', 'qr', 'pad', 'terminal', 'phone', 'sms'])), name='rating_channel_known'), models.CheckConstraint(condition=models.Q(('rated_at__gte', models.F('served_at'))), name='rating_after_service'), models.CheckConstraint(condition=models.Q(('case__isnull', False), models.Q(('about', ''), _negated=True), _connector='OR'), name='rating_of_something')],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='rating',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='order', to='feedback.rating'),
        ),
    ]
