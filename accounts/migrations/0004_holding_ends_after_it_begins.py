from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_token_uid")]
    operations = [
        migrations.AddConstraint(
            model_name="roleholding",
            constraint=models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="accounts_holding_ends_after_it_begins",
            ),
        ),
    ]
