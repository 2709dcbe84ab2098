from django.core.management import call_command


def test_the_reference_pages_say_what_the_tables_say():
    call_command("reference", check=True)
