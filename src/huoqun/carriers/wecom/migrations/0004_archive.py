import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import huoqun.console.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("wecom", "0003_syncs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Archive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("proxy", models.CharField(blank=True, max_length=200, verbose_name="proxy")),
                ("proxy_password", huoqun.console.sealed.SealedField(blank=True)),
                ("file_limit_mb", models.PositiveIntegerField(default=20, verbose_name="largest file kept, in megabytes")),
                ("seq", models.PositiveBigIntegerField(default=0, verbose_name="read up to")),
                ("newest_at", models.DateTimeField(blank=True, null=True, verbose_name="newest message read")),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="last asked")),
                ("more", models.BooleanField(default=False)),
                ("behind_since", models.DateTimeField(blank=True, null=True)),
                ("behind_from", models.DateTimeField(blank=True, null=True)),
                ("records", models.PositiveBigIntegerField(default=0, verbose_name="records read")),
                ("private", models.PositiveBigIntegerField(default=0, verbose_name="of chats between two")),
                ("internal", models.PositiveBigIntegerField(default=0, verbose_name="of groups of colleagues only")),
                ("switched", models.PositiveBigIntegerField(default=0, verbose_name="of colleagues who changed company")),
                ("groups_listed_at", models.DateTimeField(blank=True, null=True, verbose_name="groups listed")),
                ("chores_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("licensed", models.JSONField(blank=True, default=list)),
                ("coverage_trouble", models.CharField(blank=True, max_length=300)),
                (
                    "corp",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="archive", to="wecom.corp"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArchiveConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group_id", models.CharField(blank=True, max_length=64)),
                ("person_id", models.CharField(max_length=64)),
                (
                    "answer",
                    models.CharField(
                        choices=[("Agree", "agreed"), ("Disagree", "refused"), ("Default_Agree", "agreed by default")],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField(blank=True, null=True)),
                (
                    "corp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="archive_consents", to="wecom.corp"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("corp", "group_id", "person_id"), name="one_consent_a_place")],
            },
        ),
        migrations.CreateModel(
            name="ArchiveCoverage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group_id", models.CharField(max_length=64)),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="group")),
                ("members", models.PositiveIntegerField(default=0, verbose_name="members")),
                ("customers", models.PositiveIntegerField(default=0, verbose_name="customers")),
                ("colleagues", models.PositiveIntegerField(default=0, verbose_name="colleagues")),
                ("licensed", models.PositiveIntegerField(default=0, verbose_name="with a licence")),
                ("agreed", models.PositiveIntegerField(default=0, verbose_name="agreed")),
                ("by_default", models.PositiveIntegerField(default=0, verbose_name="agreed by default")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                ("listed_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked")),
                ("check_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(blank=True, null=True, verbose_name="last message read")),
                ("code", models.IntegerField(blank=True, null=True)),
                (
                    "corp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="archive_coverage", to="wecom.corp"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["corp", "check_at"], name="coverage_by_turn")],
                "constraints": [models.UniqueConstraint(fields=("corp", "group_id"), name="coverage_once_a_group")],
            },
        ),
        migrations.CreateModel(
            name="ArchiveFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("msgid", models.CharField(max_length=200)),
                ("number", models.PositiveIntegerField()),
                ("group_id", models.CharField(max_length=64)),
                ("author_id", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(blank=True, max_length=300)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("md5", models.CharField(blank=True, max_length=32)),
                ("file_id", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("kept", "kept"),
                            ("too_large", "too large"),
                            ("gone", "no longer there"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("index", models.TextField(blank=True)),
                ("got", models.PositiveBigIntegerField(default=0)),
                ("stored", models.CharField(blank=True, max_length=64)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("code", models.IntegerField(blank=True, null=True)),
                (
                    "corp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="archive_files", to="wecom.corp"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["next_at"], name="archive_files_by_turn"),
                    models.Index(fields=["corp", "state"], name="archive_files_by_state"),
                ],
                "constraints": [models.UniqueConstraint(fields=("corp", "msgid", "number"), name="each_archive_file_once")],
            },
        ),
        migrations.CreateModel(
            name="ArchiveGap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("found_at", models.DateTimeField()),
                (
                    "corp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="archive_gaps", to="wecom.corp"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("corp", "begins_at"), name="each_gap_once")],
            },
        ),
        migrations.CreateModel(
            name="ArchiveHeld",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveBigIntegerField()),
                ("msgid", models.CharField(max_length=200)),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("locked_key", models.TextField()),
                ("locked_message", models.TextField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("no_key", "the key of this version is missing"),
                            ("wrong_key", "the key of this version does not fit"),
                            ("damaged", "the library cannot open it"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.IntegerField(blank=True, null=True)),
                ("tried_with", models.CharField(max_length=32)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                ("found_at", models.DateTimeField()),
                (
                    "corp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="archive_held", to="wecom.corp"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["corp", "version"], name="locked_by_version")],
                "constraints": [models.UniqueConstraint(fields=("corp", "msgid"), name="each_locked_record_once")],
            },
        ),
        migrations.CreateModel(
            name="ArchiveKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(blank=True, null=True, verbose_name="version")),
                ("public", models.TextField(verbose_name="public key")),
                ("private", huoqun.console.sealed.SealedField()),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corp",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="archive_keys", to="wecom.corp"
                    ),
                ),
            ],
            options={
                "ordering": ["-version", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("corp", "version"), name="one_archive_key_a_version")],
            },
        ),
        migrations.CreateModel(
            name="ArchiveRaw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("msgid", models.CharField(max_length=200)),
                ("msgtype", models.CharField(max_length=64, verbose_name="kind")),
                ("group_id", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("field", models.CharField(blank=True, max_length=80)),
                ("raw", models.TextField()),
                (
                    "corp",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="archive_raw", to="wecom.corp"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("corp", "msgid"), name="each_raw_record_once")],
            },
        ),
        migrations.CreateModel(
            name="ArchiveForgotten",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("community", models.SlugField(max_length=64)),
                ("key", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("community", "key"), name="forgotten_once")],
            },
        ),
    ]
