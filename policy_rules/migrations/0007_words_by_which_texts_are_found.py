"""The words of each text and of each Spanish translation, reduced to their stems and indexed."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models.functions import Left

GUARD = """
DROP TRIGGER policy_rules_sectionversion_keeps_its_rows ON policy_rules_sectionversion;
CREATE TRIGGER policy_rules_sectionversion_keeps_its_rows BEFORE UPDATE OR DELETE ON policy_rules_sectionversion
    FOR EACH ROW EXECUTE FUNCTION policy_rules_keep({columns});
ALTER TABLE policy_rules_sectionversion ENABLE ALWAYS TRIGGER policy_rules_sectionversion_keeps_its_rows;
"""


def words_of(config: str) -> models.GeneratedField:
    text = Left("text", 200_000)
    vector = SearchVector("title", weight="A", config=config) + SearchVector(text, weight="B", config=config)
    return models.GeneratedField(expression=vector, output_field=SearchVectorField(), db_persist=True)


class Migration(migrations.Migration):
    dependencies = [("policy_rules", "0006_headings_paragraphs_annotations")]

    operations = [
        migrations.AddField("sectiontranslation", "words_es", words_of("spanish")),
        migrations.AddField("sectionversion", "words", words_of("english")),
        migrations.AddIndex("sectiontranslation", GinIndex(fields=["words_es"], name="policy_rules_translation_words")),
        migrations.AddIndex("sectionversion", GinIndex(fields=["words"], name="policy_rules_text_words")),
        migrations.RunSQL(GUARD.format(columns="'evidence_hints', 'words'"), GUARD.format(columns="'evidence_hints'")),
    ]
