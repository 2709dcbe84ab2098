"""Casework joins the log: its vocabulary, and the checks of its rows against what was sealed."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self) -> None:
        """Register every act of casework with the log, record acts on accounts, and say what `verify` compares."""
        from audit import verify
        from casework import audit_vocabulary, replay
        from casework.actions import accounts

        audit_vocabulary.register()
        accounts.listen()
        verify.register("casework.cases", replay.check_cases)
        verify.register("casework.findings", replay.check_findings)
        verify.register("casework.votes", replay.check_votes)
        verify.register("casework.letters", replay.check_letters)
        verify.register("casework.imported_rows", replay.check_imported_rows)
        verify.register("casework.raw_changes", replay.check_raw_changes)
