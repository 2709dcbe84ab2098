"""What a section states beside its words is told in words, in both languages, with the unit of each figure."""

import pytest
from django.utils.translation import override

from policy_rules.labels import in_words
from policy_rules.models import SectionVersion
from policy_rules.setting_labels import setting_name, setting_value


@pytest.mark.parametrize(
    ("name", "value", "language", "told"),
    [
        ("deadlines.acknowledge_business_days", 1, "en", "Acknowledge the complaint: 1 business day"),
        ("deadlines.chief_decision_days", 45, "en", "Chief's answer: 45 days"),
        ("deadlines.chief_decision_days", 45, "es", "Respuesta de la jefatura: 45 días"),
        ("details.hours_min", 4, "en", "Time of training, at least: 4 hours"),
        ("deadlines.small_cell_threshold", 5, "en", "Smallest figure that is published: 5"),
        ("deadlines.signing_days", 2, "en", "signing days: 2 days"),
        ("standard_of_proof", "clear_and_convincing", "en", "Standard of proof: Clear and convincing evidence"),
        ("kind", "duty", "es", "Qué hace: Deber"),
        ("allegable", False, "en", "Whether it can be alleged: No"),
        ("exceptions", ("DE-6.1", "DE-6.7"), "en", "Exceptions: DE-6.1, DE-6.7"),
        ("exceptions", (), "en", "Exceptions: –"),
    ],
)
def test_a_setting_is_told_in_words(name, value, language, told):
    with override(language):
        assert f"{setting_name(name)}: {setting_value(name, value)}" == told


@pytest.mark.django_db
def test_every_figure_of_the_shipped_manual_has_a_name_in_words(manual):
    rows = SectionVersion.objects.filter(section__manual=manual).values_list("deadlines", "details")
    names = {f"deadlines.{name}" for times, _ in rows for name in times} | {
        f"details.{n}" for _, more in rows for n in more
    }
    assert len(names) > 40
    assert [name for name in names if setting_name(name) == in_words(name.partition(".")[2])] == []
