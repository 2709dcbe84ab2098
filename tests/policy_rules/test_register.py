import uuid

import pytest

from policy_rules import register
from policy_rules.models import Revision


@pytest.fixture
def publish_something(manual):
    def publish():
        Revision.objects.update(token=uuid.uuid4())

    return publish


def test_what_is_read_is_kept_until_something_is_published(publish_something):
    before = register.current()
    assert register.current() is before
    publish_something()
    assert register.current() is not before


def test_an_act_of_many_parts_may_keep_to_one_edition(publish_something, django_assert_num_queries):
    with register.held() as edition:
        publish_something()
        with django_assert_num_queries(0):
            assert register.current() is edition
    assert register.current() is not edition
