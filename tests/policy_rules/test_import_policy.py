import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import RoleHolding, User
from audit.models import Entry
from policy_rules.manuals import DEMO_MANUAL, DEMO_TRANSLATIONS
from policy_rules.models import Manual, SectionTranslation

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("import_policy", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_prints_what_the_register_holds_as_one_json_object():
    answer = json.loads(run(DEMO_MANUAL, "--translation", DEMO_TRANSLATIONS[0], "--json"))
    assert answer["changed"] is True
    assert {
        name: answer[name] for name in ("chapters", "sections", "chapter_versions", "rule_sets", "translations")
    } == {
        "chapters": 4,
        "sections": 181,
        "chapter_versions": 11,
        "rule_sets": 2,
        "translations": 161,
    }
    assert answer["created"]["section_versions"] == answer["section_versions"] == 589
    assert answer["doubts"] == []


def test_a_second_run_changes_nothing_and_says_so():
    run(DEMO_MANUAL, "--translation", DEMO_TRANSLATIONS[0])
    entries = Entry.objects.count()
    assert "nothing was changed" in run(DEMO_MANUAL, "--translation", DEMO_TRANSLATIONS[0])
    assert Entry.objects.count() == entries


def test_the_act_is_in_the_log_with_the_digest_of_the_file():
    run(DEMO_MANUAL)
    entry = Entry.objects.get(action="policy.imported")
    assert (entry.actor, entry.subject) == ("system", "manual:HBPD-MANUAL")
    assert entry.facts["created"]["sections"] == 181
    assert len(entry.facts["file_sha256"]) == 64


def test_a_policy_analyst_imports_under_their_own_name():
    user = User.objects.create_user("nhalvaney", name="Noor Halvaney")
    RoleHolding.objects.create(user=user, role_id="policy_analyst")
    run(DEMO_MANUAL, "--by", "nhalvaney")
    entry = Entry.objects.get(action="policy.imported")
    assert (entry.actor, entry.actor_role) == (user.reference, "policy_analyst")


@pytest.mark.parametrize(("login", "answer"), [("nobody", "Nobody signs in as"), ("ivosslind", "policy_analyst")])
def test_it_refuses_someone_who_may_not_import_policy(login, answer):
    User.objects.create_user("ivosslind", name="Imara Vosslind")
    with pytest.raises(CommandError, match=answer):
        run(DEMO_MANUAL, "--by", login)
    assert not Manual.objects.exists()


def test_problems_are_listed_and_nothing_is_imported(tmp_path, small):
    path = tmp_path / "manual.yaml"
    path.write_text(small.replace("kind: duty", "kind: wish").replace("kind: exception", "kind: excuse"))
    with pytest.raises(CommandError) as refused:
        run(path)
    assert "Nothing was imported. To be mended (2):" in str(refused.value)
    assert not Manual.objects.exists()


def test_programs_are_told_each_problem_with_its_file_line_and_place(tmp_path, small):
    path = tmp_path / "manual.yaml"
    path.write_text(small.replace("kind: duty", "kind: wish").replace("title: Conduct", "title: 1"))
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_policy", str(path), json=True, stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["changed"] is False
    assert [(row["file"], row["line"], row["path"]) for row in answer["problems"]] == [
        ("manual.yaml", 7, "chapters[CO].title"),
        ("manual.yaml", 15, "chapters[CO].sections[CO-1].kind"),
    ]


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (None, "cannot be read"),
        (b"", "the file is empty"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"- a\n- b\n", "expected names"),
    ],
)
def test_a_file_that_is_no_manual_is_refused_in_words(tmp_path, content, answer):
    path = tmp_path / "manual.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=answer):
        run(path)


def test_an_anchor_is_refused_rather_than_multiplied(tmp_path, small):
    path = tmp_path / "manual.yaml"
    path.write_text(
        small.replace("elements:", "elements: &e", 1).replace(
            "        elements:\n          - {id: CO-2", "        elements: *e\n        x:\n          - {id: CO-2"
        )
    )
    with pytest.raises(CommandError, match="repeats another part by an anchor"):
        run(path)


def test_a_translation_can_be_corrected(tmp_path):
    run(DEMO_MANUAL, "--translation", DEMO_TRANSLATIONS[0])
    corrected = tmp_path / "es.yaml"
    corrected.write_text(DEMO_TRANSLATIONS[0].read_text().replace('title: "Finalidad"', 'title: "Propósito"', 1))
    assert "changed are 1 translations" in run(DEMO_MANUAL, "--translation", corrected)
    assert SectionTranslation.objects.get(version__reference="HBPD-MANUAL/DE-1.1@1.1").title == "Propósito"


def test_a_translation_of_what_does_not_exist_is_refused(tmp_path):
    wrong = tmp_path / "es.yaml"
    wrong.write_text(DEMO_TRANSLATIONS[0].read_text().replace('translation_of: "1.1"', 'translation_of: "7.7"', 1))
    with pytest.raises(CommandError, match=r"sections\[DE-1.1\].translation_of: there is no DE-1.1 in version 7.7"):
        run(DEMO_MANUAL, "--translation", wrong)
    assert not Manual.objects.exists()
