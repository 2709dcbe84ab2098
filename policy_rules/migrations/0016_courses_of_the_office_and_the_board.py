"""A course can be required of those who handle complaints, and of the members of the review board."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policy_rules", "0015_the_language_of_a_quoted_passage")]

    operations = [
        migrations.RemoveConstraint(model_name="curriculum", name="policy_rules_curriculum_of_known_people"),
        migrations.AlterField(
            model_name="curriculum",
            name="required_of",
            field=models.CharField(
                choices=[
                    ("sworn", "Every sworn member"),
                    ("members", "Every member"),
                    ("handlers", "Everyone in the office who handles complaints"),
                    ("board", "Every member of the review board"),
                    ("nobody", "Nobody; it is offered"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="curriculum",
            constraint=models.CheckConstraint(
                condition=models.Q(("required_of__in", ["sworn", "members", "handlers", "board", "nobody"])),
                name="policy_rules_curriculum_of_known_people",
            ),
        ),
    ]
