from django.db import migrations, models

from network import operations

RECORD = """
CREATE OR REPLACE FUNCTION audit_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - TG_ARGV[1:TG_NARGS] END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - TG_ARGV[1:TG_NARGS] END;
BEGIN
    IF TG_OP = 'UPDATE' AND old_row = new_row THEN RETURN NULL; END IF;
    INSERT INTO audit_event (at, xid, "table", "row", action, before, after, actor_id, request_id, reason)
    VALUES (now(), pg_current_xact_id()::text::bigint, TG_TABLE_NAME, coalesce(new_row, old_row) ->> TG_ARGV[0], left(TG_OP, 1),
            old_row, new_row, nullif(current_setting('koine.actor', true), '')::bigint,
            coalesce(current_setting('koine.request', true), ''), coalesce(current_setting('koine.reason', true), ''));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
UNDO = "DROP FUNCTION audit_record() CASCADE; DROP FUNCTION audit_refuse() CASCADE;"


class Migration(operations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_comment="transaction start, as Postgres' now()", verbose_name="when")),
                (
                    "xid",
                    models.BigIntegerField(
                        db_comment="pg_current_xact_id of the writing transaction: says whether a row could have been sealed"
                    ),
                ),
                ("table", models.CharField(max_length=63, verbose_name="table")),
                ("row", models.CharField(max_length=64, verbose_name="row")),
                (
                    "action",
                    models.CharField(
                        choices=[("I", "created"), ("U", "changed"), ("D", "removed")],
                        max_length=1,
                        verbose_name="action",
                    ),
                ),
                ("before", models.JSONField(null=True, verbose_name="before")),
                ("after", models.JSONField(null=True, verbose_name="after")),
                (
                    "actor_id",
                    models.BigIntegerField(
                        db_comment="user id; no foreign key: history outlives accounts", null=True, verbose_name="who"
                    ),
                ),
                ("request_id", models.CharField(blank=True, max_length=32, verbose_name="request")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
            ],
            options={
                "db_table": "audit_event",
                "verbose_name": "history row",
                "verbose_name_plural": "history",
                "indexes": [
                    models.Index(fields=["table", "row", "id"], name="audit_event_of_row"),
                    models.Index(fields=["xid"], name="audit_event_xid"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("hash", models.CharField(max_length=64)),
                (
                    "snapshot",
                    models.TextField(
                        blank=True, db_comment="pg_snapshot of a batch that left nothing unsealed; empty elsewhere"
                    ),
                ),
                ("sealed_at", models.DateTimeField()),
            ],
            options={"db_table": "audit_seal", "verbose_name": "history seal", "verbose_name_plural": "history seals"},
        ),
        migrations.RunSQL(RECORD, UNDO),
    ]
