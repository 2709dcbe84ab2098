"""The function that records an entry, and the trigger that makes it pending."""

from django.db import migrations

# The subject's next number is taken by the unique constraint itself: where another transaction holds it, the insert
# waits for that transaction to end and then, having inserted nothing, reads the new last entry and tries again. An
# advisory lock for each subject would do the same, but one transaction over many subjects would fill the lock table.
#
# The plan of the first SELECT is kept for the session. Made while the table has one page it would read the whole table,
# and a transaction that records thousands of entries would go on doing so: hence no sequential scans.
APPEND = r"""
CREATE FUNCTION audit_append(
    in_action text, in_actor text, in_role text, in_subject text, in_objects text[], in_basis text[],
    in_basis_json text, in_facts_json text, in_commitment text, in_random text, in_salt bytea, in_detail text,
    OUT entry_id bigint, OUT entry_at timestamptz, OUT entry_n integer, OUT entry_leaf text
) LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    last_hash text;
BEGIN
    LOOP
        SELECT n + 1, encode(sha256('\x00'::bytea || convert_to(leaf, 'UTF8')), 'hex')
          INTO entry_n, last_hash
          FROM audit_entry WHERE subject = in_subject ORDER BY n DESC LIMIT 1;
        entry_n := coalesce(entry_n, 1);
        entry_at := clock_timestamp();
        entry_leaf := concat(
            '{"action":"', in_action,
            '","actor":"', in_actor,
            '","at":"', to_char(entry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            '","basis":', in_basis_json,
            ',"commitment":', coalesce('"' || in_commitment || '"', 'null'),
            ',"facts":', in_facts_json,
            ',"n":', entry_n,
            ',"objects":', CASE WHEN cardinality(in_objects) = 0 THEN '[]'
                                ELSE '["' || array_to_string(in_objects, '","') || '"]' END,
            ',"prev":', coalesce('"' || last_hash || '"', 'null'),
            ',"r":"', in_random,
            '","role":"', in_role,
            '","subject":"', in_subject,
            '","v":1}');
        INSERT INTO audit_entry
               (leaf, occurred_at, actor, actor_role, action, subject, n, objects, basis)
        VALUES (entry_leaf, entry_at, in_actor, in_role, in_action, in_subject, entry_n, in_objects, in_basis)
            ON CONFLICT (subject, n) DO NOTHING
            RETURNING id INTO entry_id;
        EXIT WHEN entry_id IS NOT NULL;
    END LOOP;
    IF in_commitment IS NOT NULL THEN
        INSERT INTO audit_detail (entry_id, salt, value) VALUES (audit_append.entry_id, in_salt, in_detail);
    END IF;
END
$$;
"""

PENDING = """
CREATE FUNCTION audit_make_pending() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_pending (entry_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_entry_is_pending AFTER INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_make_pending();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_log_tables")]

    operations = [
        migrations.RunSQL(
            PENDING, "DROP TRIGGER audit_entry_is_pending ON audit_entry; DROP FUNCTION audit_make_pending;"
        ),
        migrations.RunSQL(APPEND, "DROP FUNCTION audit_append;"),
    ]
