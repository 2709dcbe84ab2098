"""As the role that the program runs as, the log can be added to and read, and nothing else can be done to it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit import log, verify
from audit.models import Detail, Entry, Pending
from casework.models import Case, RawChange
from config import database_roles
from tests import walk

OWNER, APPLICATION = "harrow_bend_owner", "harrow_bend_program"
LOG = sorted(model._meta.db_table for model in database_roles.GROWS_ONLY)

pytestmark = [pytest.mark.django_db, pytest.mark.superuser]


@pytest.fixture(scope="module", autouse=True)
def _in_harrow_bend(harrow_bend):
    """Cases are filed by its people, under its manual."""
    with harrow_bend():
        yield


def run(sql, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.fixture
def _as_the_program():
    """Roles belong to the whole server; made in the test's transaction, they go with it."""
    with connection.cursor() as cursor:
        database_roles.set_up(cursor, OWNER, APPLICATION)
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")


@pytest.mark.usefixtures("_as_the_program")
class TestTheProgram:
    def test_it_files_a_case_and_the_log_is_whole(self):
        case = walk.file()
        log.integrate()
        assert Case.objects.filter(number=case.number).exists()
        assert not Pending.objects.exists()
        assert verify.verify().ok

    @pytest.mark.parametrize("table", LOG)
    @pytest.mark.parametrize(
        "change", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table}"]
    )
    def test_it_changes_no_row_of_the_log(self, table, change):
        with connection.cursor() as cursor:
            column = connection.introspection.get_table_description(cursor, table)[0].name
        with pytest.raises(DatabaseError, match="permission denied"):
            run(change.format(table=table, column=connection.ops.quote_name(column)))

    @pytest.mark.parametrize("table", LOG)
    def test_it_switches_no_trigger_off(self, table):
        with pytest.raises(DatabaseError, match="must be owner"):
            run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")

    def test_it_does_not_ask_for_a_session_without_triggers(self):
        with pytest.raises(DatabaseError, match="permission denied"):
            run("SET session_replication_role = replica")

    @pytest.mark.parametrize(
        "sql", ["CREATE TEMPORARY TABLE audit_entry (id bigint)", "CREATE TABLE another (id bigint)"]
    )
    def test_it_puts_no_table_in_the_place_of_the_log_s(self, sql):
        with pytest.raises(DatabaseError, match="permission denied"):
            run(sql)

    def test_it_replaces_no_function_of_the_log(self):
        with pytest.raises(DatabaseError, match="permission denied"):
            run("CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")

    def test_it_writes_no_history_of_migrations(self):
        with pytest.raises(DatabaseError, match="permission denied"):
            run("DELETE FROM django_migrations")

    def test_it_is_no_member_of_the_role_that_owns_the_tables(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [APPLICATION, OWNER])
            assert cursor.fetchone() == (False,)

    def test_the_function_that_erases_obeys_the_log(self):
        case = walk.file()
        entry = Entry.objects.about(case.reference).filter(detail__isnull=False).first()
        with pytest.raises(DatabaseError, match="No entry erases this detail"):
            run("SELECT audit_erase(%s)", entry.pk)
        assert Detail.objects.filter(entry=entry).exists()

    def test_the_function_that_unqueues_leaves_what_has_no_position(self):
        walk.file()
        waiting = Pending.objects.count()
        run("SELECT audit_unqueue(0)")
        assert Pending.objects.count() == waiting > 0


def test_no_function_of_the_owner_looks_for_tables_where_its_caller_says():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
            " AND NOT coalesce(proconfig::text LIKE '%search_path=public, pg_temp%', false)"
        )
        assert cursor.fetchall() == []


def test_every_table_of_the_log_only_grows_so_that_a_new_one_cannot_be_forgotten():
    tables = {name for name in connection.introspection.table_names() if name.startswith("audit_")}
    assert tables | {RawChange._meta.db_table} == set(LOG)


def test_three_functions_alone_do_what_the_program_may_not():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY proname"
        )
        assert [name for (name,) in cursor.fetchall()] == ["audit_erase", "audit_unqueue", "casework_tell_planner"]


def test_the_roles_are_set_up_again_without_harm_after_a_migration():
    with connection.cursor() as cursor:
        database_roles.set_up(cursor, OWNER, APPLICATION)
        again = database_roles.set_up(cursor, OWNER, APPLICATION)
    assert not any(statement.startswith("CREATE ROLE") for statement in again)


class TestTheCommand:
    def test_it_says_what_to_do_next(self, capsys):
        call_command("setup_roles", owner=OWNER, application=APPLICATION)
        assert f"DATABASE_URL of {APPLICATION}" in capsys.readouterr().out

    def test_it_only_shows_what_it_would_do(self, capsys):
        call_command("setup_roles", owner=OWNER, application=APPLICATION, dry_run=True)
        assert f'CREATE ROLE "{APPLICATION}" LOGIN NOSUPERUSER' in capsys.readouterr().out
        with connection.cursor() as cursor:
            assert database_roles.roles_exist(cursor, OWNER, APPLICATION) == [False, False]

    def test_it_needs_two_names(self):
        with pytest.raises(CommandError, match="different names"):
            call_command("setup_roles", owner=OWNER, application=OWNER)

    @pytest.mark.usefixtures("_as_the_program")
    def test_it_needs_a_superuser(self):
        with pytest.raises(CommandError, match="not a superuser"):
            call_command("setup_roles", owner=OWNER, application=APPLICATION)
