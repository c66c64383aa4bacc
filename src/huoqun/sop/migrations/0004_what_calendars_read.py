"""Lines know their day, until when they are in time and whose they are; weeks are counted, so that pages need not."""

from collections import defaultdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from huoqun.sop.parts.lapse import Lapse

SAID = ("post", "message", "notice", "topic", "pin", "end")
AT_ONCE = 500


def fill(apps: Any, schema_editor: Any) -> None:
    line = apps.get_model("sop", "Line")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sop_line SET launch_id = (SELECT launch_id FROM sop_run WHERE sop_run.id = run_id),"
            " group_id = (SELECT group_id FROM sop_run WHERE sop_run.id = run_id)"
        )
    for home, zone in apps.get_model("community", "Community").objects.values_list("pk", "zone"):
        rows = line.objects.filter(launch__community=home)
        rows.update(day=TruncDate("at", tzinfo=ZoneInfo(zone)), due_at=F("latest"))
    line.objects.filter(kind__in=SAID).update(due_at=F("at") + timedelta(minutes=15))
    for version in apps.get_model("sop", "Version").objects.iterator():
        of_version(line, version)
    line.objects.filter(Q(kind__in=("todo", "approval")) | Q(state__in=("hand", "confirming"))).update(by_hand=True)
    handed(line, apps.get_model("ownership", "Todo"))
    if schema_editor.connection.vendor == "postgresql":
        # Or what these updates promise would still be unchecked when the table is altered.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def of_version(line: Any, version: Any) -> None:
    """What its steps say of cores and of the time to-dos have."""
    of_core, within = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for step in version.plain["steps"]:
        if step.get("core"):
            of_core[step["core"]].append(step["key"])
        if step["do"] == "todo":
            within[step.get("within", "2h")].append(step["key"])
    rows = line.objects.filter(run__version=version.pk)
    for core, steps in of_core.items():
        rows.filter(step__in=steps).update(core=core)
    for span, steps in within.items():
        rows.filter(kind="todo", step__in=steps).update(due_at=F("at") + Lapse(span).delta)


def handed(line: Any, todo: Any) -> None:
    """What the carrier could not do and a person did."""
    keys = todo.objects.filter(room="sop", key__startswith="request/sop/").values_list("key", flat=True)
    found = defaultdict[tuple[str, int], set[int]](set)
    for key in keys.iterator():
        _request, _sop, run, edition, step = key.split("/")[:5]
        found[step, int(edition)].add(int(run))
    for (step, edition), runs in found.items():
        listed = sorted(runs)
        for start in range(0, len(listed), AT_ONCE):
            line.objects.filter(run__in=listed[start : start + AT_ONCE], step=step, edition=edition).update(by_hand=True)


def count() -> Any:
    return models.PositiveIntegerField()


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0005_contacts"),
        ("ownership", "0002_leaving"),
        ("sop", "0003_trials"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("line", "core", models.CharField(blank=True, default="", max_length=8), preserve_default=False),
        migrations.AddField("line", "by_hand", models.BooleanField(default=False)),
        migrations.AddField(
            "line",
            "launch",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="sop.launch"
            ),
        ),
        migrations.AddField(
            "line",
            "group",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="community.group",
            ),
        ),
        migrations.AddField("line", "day", models.DateField(null=True)),
        migrations.AddField("line", "due_at", models.DateTimeField(null=True, verbose_name="in time until")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            "line",
            "launch",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="sop.launch"
            ),
        ),
        migrations.AlterField(
            "line",
            "group",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="community.group"
            ),
        ),
        migrations.AlterField("line", "day", models.DateField()),
        migrations.AlterField("line", "due_at", models.DateTimeField(verbose_name="in time until")),
        migrations.RemoveIndex("line", "lines_by_time"),
        migrations.AddIndex(
            "line", models.Index(fields=["day", "launch", "step", "kind", "at", "state", "reason"], name="lines_of_a_day")
        ),
        migrations.AddIndex("line", models.Index(fields=["group", "day"], name="lines_of_a_group")),
        migrations.AddIndex(
            "line", models.Index(condition=Q(settled_at__isnull=True), fields=["kind", "due_at", "day"], name="lines_open")
        ),
        migrations.AddIndex("run", models.Index(fields=["anchor"], name="runs_by_moment")),
        migrations.AddIndex("run", models.Index(fields=["launch", "anchor"], name="runs_of_a_launch")),
        migrations.AddIndex(
            "run",
            models.Index(
                condition=Q(ended_at__isnull=True, laid_at__isnull=True, member__isnull=True),
                fields=["launch", "state", "anchor", "version"],
                name="runs_to_come",
            ),
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=64)),
                ("day", models.DateField()),
                ("minutes", models.IntegerField()),
                ("at", models.DateTimeField(verbose_name="moved")),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="community.group",
                    ),
                ),
                (
                    "launch",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="sop.launch"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("launch", "step", "day", "group"), name="each_move_of_a_group_once"),
                    models.UniqueConstraint(
                        condition=Q(group__isnull=True), fields=("launch", "step", "day"), name="each_move_of_all_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Week",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monday", models.DateField(unique=True)),
                ("counted_at", models.DateTimeField()),
                ("open", count()),
                ("operators", models.BigIntegerField(default=0)),
                ("took", models.FloatField(default=0.0)),
            ],
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("step", models.CharField(max_length=64)),
                ("first", models.DateTimeField()),
                ("last", models.DateTimeField()),
                ("lines", count()),
                ("done", count()),
                ("trouble", count()),
                (
                    "operator",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "launch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="day_counts",
                        to="sop.launch",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["launch"], name="day_counts_of_a_launch")],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "launch", "step", "operator"), name="each_step_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monday", models.DateField()),
                ("in_time", count()),
                ("late", count()),
                ("never", count()),
                ("reasons", models.TextField(blank=True)),
                ("by_people", count()),
                ("by_machine", count()),
                ("todos", count()),
                ("minutes", count()),
                ("help", count()),
                ("content", count()),
                ("answers", count()),
                ("rules", count()),
                ("people", count()),
                ("help_planned", count()),
                ("content_planned", count()),
                ("answers_planned", count()),
                ("rules_planned", count()),
                ("people_planned", count()),
                (
                    "launch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_weeks",
                        to="sop.launch",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="weeks", to="community.group"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["launch"], name="weeks_of_a_launch")],
                "constraints": [
                    models.UniqueConstraint(fields=("monday", "group", "launch"), name="each_week_of_a_group_once")
                ],
            },
        ),
    ]
