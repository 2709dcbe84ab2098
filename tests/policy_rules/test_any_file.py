"""Whatever is in a file, it is published or refused in words: never half, and never by a crash."""

import copy
import datetime
from itertools import pairwise

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from policy_rules.importers.checks import check
from policy_rules.importers.problems import ImportRefused
from policy_rules.importers.yaml_format import read_manual, read_translation
from policy_rules.in_force import NotInForce, in_force, versions_during
from policy_rules.manuals import DEMO_MANUAL, DEMO_TRANSLATIONS
from policy_rules.models import Manual
from policy_rules.publishing import publish
from tests.policy_rules.conftest import SMALL

pytestmark = pytest.mark.django_db
ANY = settings(
    max_examples=100,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY_SECTIONS = settings(ANY, max_examples=40)
"""For documents as long as the shipped manual, each of which takes a while to write and to read."""
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.dates(),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(["CO-1", "CO-2", "1.0", "2.0", "exception", "duty", "CH-2.6", "2.1", "draft_for_comment"]),
)


def places(value, path=()):
    """Every place in a document of mappings and lists."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from places(member, (*path, key))


def with_junk(document, changes):
    document = copy.deepcopy(document)
    for path, junk in changes:
        if not path:
            return junk
        holder = document
        try:
            for key in path[:-1]:
                holder = holder[key]
            if junk is None and isinstance(holder, dict):
                del holder[path[-1]]
            else:
                holder[path[-1]] = junk
        except (LookupError, TypeError):
            continue
    return document


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    def ignore_aliases(self, data) -> bool:
        return True


SMALL_DOCUMENT = yaml.safe_load(SMALL)
SHIPPED = yaml.safe_load(DEMO_MANUAL.read_text(encoding="utf-8"))
RULES = {key: SHIPPED[key] for key in ("authorities", "rules", "profiles", "rule_sets", "element_rules", "lineage")}
TRANSLATION = yaml.safe_load(DEMO_TRANSLATIONS[0].read_text(encoding="utf-8"))
TRANSLATION["sections"] = TRANSLATION["sections"][:9]


def written(document) -> str:
    return yaml.dump(document, Dumper=Dumper, allow_unicode=True, sort_keys=False)


def changes_of(document):
    return st.lists(st.tuples(st.sampled_from(list(places(document))), JUNK), min_size=1, max_size=3)


def problems_of(read) -> list[str]:
    """Return the problems for which something is refused, none where it is taken; anything else is a crash."""
    try:
        read()
    except ImportRefused as refused:
        return [str(problem) for problem in refused.problems] or ["refused without a word"]
    return []


@ANY
@given(changes=changes_of(SMALL_DOCUMENT))
def test_a_manual_with_anything_in_it_is_published_or_refused(changes, tmp_path):
    path = tmp_path / "manual.yaml"
    path.write_text(written(with_junk(SMALL_DOCUMENT, changes)), encoding="utf-8")
    before = Manual.objects.count()
    problems = problems_of(lambda: publish(read_manual(path), actor="system", role="system"))
    assert "refused without a word" not in problems
    assert not problems or Manual.objects.count() == before


@MANY_SECTIONS
@given(changes=changes_of(RULES))
def test_rules_with_anything_in_them_are_taken_or_refused(changes, tmp_path):
    path = tmp_path / "manual.yaml"
    changed = with_junk(RULES, [change for change in changes if change[0]])
    path.write_text(written({**SHIPPED, **changed}), encoding="utf-8")
    assert "refused without a word" not in problems_of(lambda: check(read_manual(path)))


@MANY_SECTIONS
@given(changes=changes_of(TRANSLATION))
def test_a_translation_with_anything_in_it_is_taken_or_refused(changes, tmp_path):
    path = tmp_path / "es.yaml"
    path.write_text(written(with_junk(TRANSLATION, changes)), encoding="utf-8")
    manual = read_manual(DEMO_MANUAL)
    assert "refused without a word" not in problems_of(lambda: check(manual, [read_translation(path)]))


@ANY
@given(content=st.binary(max_size=200))
def test_bytes_that_are_no_manual_are_refused(content, tmp_path):
    path = tmp_path / "manual.yaml"
    path.write_bytes(content)
    with pytest.raises(ImportRefused):
        check(read_manual(path))


DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 1, 1))


@settings(ANY, max_examples=25)
@given(
    days=st.lists(DAYS, min_size=2, max_size=8, unique=True).map(sorted), asked=st.lists(DAYS, min_size=1, max_size=20)
)
def test_every_day_has_the_one_text_whose_days_hold_it(days, asked, tmp_path_factory):
    spans = [(first, last) for first, last in list(pairwise(days))[::2]]
    document = copy.deepcopy(SMALL_DOCUMENT)
    document["manual"]["id"] = f"M{hash(tuple(days)) & 0xFFFFFFFF}"
    document["chapters"][0]["versions"] = [
        {"version": f"{n}.0", "status": "superseded", "adopted": first, "effective_from": first, "effective_to": last}
        for n, (first, last) in enumerate(spans, start=1)
    ]
    document["chapters"][0]["sections"][0].pop("history")
    path = tmp_path_factory.mktemp("any") / "manual.yaml"
    path.write_text(written(document), encoding="utf-8")
    publish(read_manual(path), actor="system", role="system")
    section = f"{document['manual']['id']}/CO-1"
    for day in {*asked, *days}:
        holding = [f"{n}.0" for n, (first, last) in enumerate(spans, start=1) if first <= day <= last]
        try:
            found = [in_force(section, on=day).version]
        except NotInForce:
            found = []
        assert found == holding
        assert [text.version for text in versions_during(section, day, day)] == holding
