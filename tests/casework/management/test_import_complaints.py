import json

import pytest
from django.core.management import CommandError, call_command

from casework.models import Case, ImportSource
from policy_rules.rules import NoAuthority, NoRulesInForce
from tests.casework.importers.conftest import SAMPLES

pytestmark = pytest.mark.django_db

DETROIT = str(SAMPLES / "detroit.csv")


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    return settings.VAR_DIR


def test_json_prints_one_object_and_nothing_else(capsys):
    call_command("import_complaints", DETROIT, mapping="detroit", json=True)
    printed = json.loads(capsys.readouterr().out)
    assert {key: printed[key] for key in ("complaints", "allegations", "created", "rejected", "doubted")} == {
        "complaints": 6, "allegations": 9, "created": 6, "rejected": 0, "doubted": 5,
    }  # fmt: skip
    assert printed["reasons"]["closed_before_received"] == 1


def test_people_read_what_became_of_the_file_and_where_the_report_is(capsys, var):
    call_command("import_complaints", DETROIT, mapping="detroit")
    printed = capsys.readouterr()
    assert "held: 6 complaints (6 new) with 9 allegations" in printed.out
    assert "closed_before_received" in printed.out
    (report,) = (var / "imports").iterdir()
    assert str(report) in printed.err


def test_a_dry_run_says_so(capsys):
    call_command("import_complaints", DETROIT, mapping="detroit", dry_run=True)
    assert "Tried, and nothing kept" in capsys.readouterr().out
    assert not Case.objects.filter(source__isnull=False).exists()


def test_a_mapping_may_be_a_file(capsys, tmp_path):
    data = tmp_path / "rows.csv"
    data.write_text("Nr,Date,What\n1,2020-02-03,Force\n")
    mapping = tmp_path / "small.toml"
    mapping.write_text(
        """
        source = { name = "small", title = "Small" }
        state = { closed_by = "closing_date" }
        files = [{ name = "rows", holds = ["complaints", "allegations"], reference = "Nr" }]
        complaint.received_on = { column = "Date", formats = "%Y-%m-%d" }
        complaint.closed_on = { column = "Date", formats = "%Y-%m-%d" }
        allegation.category = { column = "What" }
        """
    )
    call_command("import_complaints", str(data), mapping=str(mapping), json=True)
    assert json.loads(capsys.readouterr().out)["created"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mapping": "nowhere.toml"}, "Nothing was imported. nowhere.toml: the mapping file cannot be read"),
        ({"mapping": "philadelphia"}, "Nothing was imported. .*detroit.csv: does not fit the mapping 'philadelphia'"),
    ],
)
def test_it_says_what_is_wrong_and_imports_nothing(arguments, message):
    with pytest.raises(CommandError, match=message):
        call_command("import_complaints", DETROIT, **arguments)
    assert not ImportSource.objects.exists()


def test_files_of_which_no_complaint_could_be_taken_are_a_failure(tmp_path, capsys):
    text = (SAMPLES / "detroit.csv").read_text().replace("/01 00:00:00+00", "").replace("00:00:00+00", "noon")
    data = tmp_path / "detroit.csv"
    data.write_text(text)
    with pytest.raises(CommandError, match="No complaint could be taken"):
        call_command("import_complaints", str(data), mapping="detroit", json=True)
    assert json.loads(capsys.readouterr().out)["reasons"] == {"no_received_date": 9}


def test_without_a_policy_manual_in_force_it_says_how_to_get_one(monkeypatch):
    def no_rules(day):
        raise NoRulesInForce(f"no rule set applies on {day}")

    monkeypatch.setattr("casework.importers.run.rules_on", no_rules)
    with pytest.raises(CommandError, match=r"No policy manual is in force: .* First run manage\.py import_policy"):
        call_command("import_complaints", DETROIT, mapping="detroit")


def test_a_manual_that_does_not_empower_the_import_stops_it(monkeypatch):
    def no_authority(kind, name, *, on):
        raise NoAuthority(f"nothing empowers {name}")

    monkeypatch.setattr("casework.actions.acts.authority_for", no_authority)
    with pytest.raises(CommandError, match=r"Nothing was imported\. No section of the policy manual in force"):
        call_command("import_complaints", DETROIT, mapping="detroit")
    assert not ImportSource.objects.exists()
