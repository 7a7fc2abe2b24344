"""Sizes of grants, themes and who decides; who is interested in a fund; contributions that add up to the budget."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

from network import operations
from network.translation.operations import translated

ADDS_UP = """
CREATE FUNCTION grants_fund_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fund bigint; budget numeric; paid numeric;
BEGIN
    fund := CASE WHEN TG_TABLE_NAME = 'grants_fund' THEN (to_jsonb(NEW) ->> 'id')::bigint
                 ELSE (to_jsonb(COALESCE(NEW, OLD)) ->> 'fund_id')::bigint END;
    SELECT f.budget INTO budget FROM grants_fund f WHERE f.id = fund;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT COALESCE(sum(c.amount), 0) INTO paid FROM grants_contribution c WHERE c.fund_id = fund;
    IF paid <> budget THEN
        RAISE EXCEPTION 'fund %: its funders pay %, its budget is %', fund, paid, budget
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_adds_up';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_adds_up AFTER INSERT OR UPDATE OF budget ON grants_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grants_fund_adds_up();
CREATE CONSTRAINT TRIGGER fund_adds_up AFTER INSERT OR UPDATE OF amount OR DELETE ON grants_contribution
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grants_fund_adds_up();
"""
NO_SUM = """
DROP TRIGGER fund_adds_up ON grants_contribution;
DROP TRIGGER fund_adds_up ON grants_fund;
DROP FUNCTION grants_fund_adds_up();
"""


class Migration(operations.Migration):
    dependencies = [
        ("grants", "0002_numbers_and_versions_that_stay"),
    ]

    operations = [
        *(
            migrations.AddField("fund", name, field)
            for name, field in translated("who_decides", models.TextField, blank=True, verbose_name="who decides")
        ),
        migrations.AddField(
            model_name="fund",
            name="themes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60),
                blank=True,
                default=list,
                size=None,
                verbose_name="priority themes",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("city", "A city or another public body"),
                            ("company", "A company or foundation"),
                            ("other", "Somebody else"),
                        ],
                        max_length=8,
                        verbose_name="who",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("organisation", models.CharField(max_length=200, verbose_name="organisation")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                ("message", models.TextField(blank=True, verbose_name="message")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="confirmed")),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interests",
                        to="grants.fund",
                        verbose_name="fund",
                    ),
                ),
            ],
            options={
                "verbose_name": "interest",
                "verbose_name_plural": "interests",
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("fund"),
                        django.db.models.functions.text.Lower("email"),
                        name="one_interest_per_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minimum", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="from")),
                ("maximum", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="to")),
                (
                    "match",
                    models.PositiveSmallIntegerField(default=0, verbose_name="match funding, per cent of the grant"),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tiers", to="grants.round"
                    ),
                ),
            ],
            options={
                "verbose_name": "size of grant",
                "verbose_name_plural": "sizes of grants",
                "ordering": ["round_id", "minimum"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("maximum__gte", models.F("minimum")), ("minimum__gt", 0)),
                        name="tier_from_low_to_high",
                    ),
                    models.CheckConstraint(condition=models.Q(("match__lte", 100)), name="tier_match_at_most_100"),
                    models.UniqueConstraint(fields=("round", "minimum"), name="one_tier_per_minimum"),
                ],
            },
        ),
        migrations.RunSQL(ADDS_UP, NO_SUM),
    ]
