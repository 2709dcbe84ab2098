"""Casework joins the log: its vocabulary, and the checks of its rows against what was sealed."""

from typing import Any

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self) -> None:
        """Register every act of casework with the log, record acts on accounts, and say what `verify` compares."""
        from audit import verify
        from casework import audit_vocabulary, replay, replay_content, replay_noted
        from casework.actions import accounts
        from casework.reporting import trained
        from policy_rules import figures, labels

        audit_vocabulary.register()
        labels.register(_words_of_rules())
        accounts.listen()
        verify.register("casework.cases", replay.check_cases)
        verify.register("casework.findings", replay.check_findings)
        verify.register("casework.votes", replay.check_votes)
        verify.register("casework.letters", replay.check_letters)
        verify.register("casework.recommendations", replay.check_recommendations)
        verify.register("casework.imported_rows", replay.check_imported_rows)
        verify.register("casework.assignments", replay_noted.check_assignments)
        verify.register("casework.holds", replay.check_holds)
        verify.register("casework.words", replay_content.check_words)
        verify.register("casework.allegations", replay_content.check_allegations)
        verify.register("casework.officers", replay_content.check_officers)
        verify.register("casework.outcomes", replay_content.check_outcomes)
        verify.register("casework.evidence", replay_content.check_evidence)
        verify.register("casework.draws", replay_content.check_draws)
        verify.register("casework.guards", replay_noted.check_guards)
        verify.register("casework.noted", replay_noted.check_noted)
        verify.register("casework.raw_changes", replay_noted.check_raw_changes)
        figures.contribute("training_completed", trained.completions)


def _words_of_rules() -> dict[str, Any]:
    """Return what the rules of the manual speak of, in the words of casework."""
    from casework import vocabulary, workflow
    from moves.table import moves_of

    moves = moves_of(workflow.CaseWorkflow)
    return {
        **{f"authorities.clocks.{clock.value}": clock.label for clock in vocabulary.Clock},
        **{f"authorities.moves.{name}": move.label for name, move in moves.items()},
        **vocabulary.CONCLUSION_LABELS,
        **vocabulary.OUTCOME_LABELS,
        **vocabulary.CLASSIFICATION_LABELS,
        **vocabulary.FINDING_LABELS,
    }
