import django.db.models.deletion
import onedoor.kernel.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_given_password'),
        ('accounts', '__first__'),
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Authority',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('only', models.BooleanField(default=True, unique=True)),
                ('certificate', models.TextField()),
                ('key', onedoor.kernel.fields.EncryptedTextField(purpose='seal.authority_key')),
            ],
        ),
        migrations.CreateModel(
            name='SealUse',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('approved', models.CharField(max_length=71)),
                ('used_at', models.DateTimeField(db_index=True)),
                ('used_by', models.CharField(max_length=64)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('number',), name='seals_use_number_unique'), models.UniqueConstraint(fields=('year', 'serial'), name='seals_use_serial_once'), models.CheckConstraint(condition=models.Q(('approved__startswith', 'sha256:')), name='seals_use_says_what')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(max_length=10)),
                ('medium', models.CharField(max_length=10)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('state', models.CharField(max_length=10)),
                ('unlock_asked_by', models.CharField(blank=True, max_length=64)),
                ('backing', models.CharField(default='demo', max_length=10)),
                ('certificate', models.TextField(blank=True)),
                ('chain', models.TextField(blank=True)),
                ('key', onedoor.kernel.fields.EncryptedTextField(purpose='seal.key')),
                ('sm2_certificate', models.TextField(blank=True)),
                ('sm2_key', onedoor.kernel.fields.EncryptedTextField(purpose='seal.sm2_key')),
                ('pin_failures', models.PositiveSmallIntegerField(default=0)),
                ('deputy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals_kept', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('medium', 'electronic'), ('state__in', ['active', 'locked'])), fields=('kind',), name='seals_one_in_use_per_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['receipt', 'approval'])), name='seals_kind_known'), models.CheckConstraint(condition=models.Q(('medium__in', ['electronic', 'physical'])), name='seals_medium_known'), models.CheckConstraint(condition=models.Q(('state__in', ['active', 'locked', 'stopped', 'destroyed'])), name='seals_state_known'), models.CheckConstraint(condition=models.Q(('backing__in', ['demo', 'pkcs12'])), name='seals_backing_known'), models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='seals_dates_in_order'), models.CheckConstraint(condition=models.Q(('keeper', models.F('deputy')), _negated=True), name='seals_deputy_is_another')],
            },
        ),
        migrations.CreateModel(
            name='SealRequest',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('paper', models.CharField(max_length=60)),
                ('paper_kind', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=71)),
                ('subject', models.CharField(max_length=64)),
                ('step', models.PositiveIntegerField(null=True)),
                ('kind', models.CharField(max_length=10)),
                ('approver', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField()),
                ('is_afterwards', models.BooleanField(default=False)),
                ('state', models.CharField(max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seal_requests', to='accounts.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'kind', 'asked_at'], name='seals_request_waiting'), models.Index(fields=['subject'], name='seals_request_subject')],
                'constraints': [models.UniqueConstraint(fields=('paper',), name='seals_asked_once_per_paper'), models.CheckConstraint(condition=models.Q(('kind__in', ['receipt', 'approval'])), name='seals_request_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'set_aside', 'sealed'])), name='seals_request_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Beside',
            fields=[
                ('use', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='beside', serialize=False, to='seals.sealuse')),
                ('signature', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='sealuse',
            name='seal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='seals.seal'),
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('witness', models.CharField(max_length=64)),
                ('basis', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('giver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='seals.seal')),
            ],
        ),
        migrations.AddField(
            model_name='sealuse',
            name='request',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='use', to='seals.sealrequest'),
        ),
        migrations.CreateModel(
            name='HandUse',
            fields=[
                ('id', models.UUIDField(default=onedoor.kernel.fields.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('paper', models.CharField(max_length=60)),
                ('paper_kind', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=71)),
                ('subject', models.CharField(max_length=64)),
                ('approver', models.CharField(max_length=64)),
                ('copies', models.PositiveSmallIntegerField()),
                ('used_at', models.DateTimeField(db_index=True)),
                ('used_by', models.CharField(max_length=64)),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_uses', to='seals.seal')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('number',), name='seals_hand_use_number_unique'), models.UniqueConstraint(fields=('paper',), name='seals_pressed_once_per_paper'), models.CheckConstraint(condition=models.Q(('copies__gte', 1)), name='seals_hand_use_has_copies')],
            },
        ),
    ]
