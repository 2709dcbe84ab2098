"""Where a version of a chapter stands in its life; the guard of published versions leaves that to the moves."""

import django_fsm
from django.db import migrations, models

STATES = [
    ("drafting", "Drafting"),
    ("legal_review", "Legal review"),
    ("public_comment", "Public comment"),
    ("comment_disposition", "Answering comments"),
    ("adopted", "Adopted, not yet in force"),
    ("in_force", "In force"),
    ("under_review", "In force, under review"),
    ("superseded", "Superseded"),
    ("rescinded", "Rescinded"),
]
GUARD = """
DROP TRIGGER policy_rules_chapterversion_keeps_its_rows ON policy_rules_chapterversion;
CREATE TRIGGER policy_rules_chapterversion_keeps_its_rows BEFORE UPDATE OR DELETE ON policy_rules_chapterversion
    FOR EACH ROW WHEN (OLD.effective IS NOT NULL) EXECUTE FUNCTION policy_rules_keep({columns});
ALTER TABLE policy_rules_chapterversion ENABLE ALWAYS TRIGGER policy_rules_chapterversion_keeps_its_rows;
"""
BEFORE = "'published_on', 'docket', 'change_note'"
KNOWN = """
UPDATE policy_rules_chapterversion AS row SET state = CASE
    WHEN effective IS NULL THEN 'superseded'
    WHEN lower(effective) > current_date THEN 'adopted'
    WHEN upper(effective) IS NULL OR upper(effective) > current_date THEN 'in_force'
    WHEN EXISTS (SELECT FROM policy_rules_chapterversion AS later
                  WHERE later.chapter_id = row.chapter_id AND lower(later.effective) > lower(row.effective))
    THEN 'superseded' ELSE 'rescinded' END;
"""


class Migration(migrations.Migration):
    dependencies = [("policy_rules", "0003_guards")]

    operations = [
        migrations.AddField(
            model_name="chapterversion",
            name="state",
            field=django_fsm.FSMField(choices=STATES, default="unbegun", max_length=20, protected=True),
        ),
        migrations.AddField("chapterversion", "revision", models.PositiveIntegerField(default=0)),
        migrations.AddField("chapterversion", "comment_closes_on", models.DateField(blank=True, null=True)),
        migrations.RunSQL(
            GUARD.format(columns=BEFORE + ", 'state', 'revision', 'comment_closes_on'"), GUARD.format(columns=BEFORE)
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
