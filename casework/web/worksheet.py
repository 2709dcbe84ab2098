"""The worksheet of an allegation: a conclusion on each element of the duty and of each exception that was raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.actions.allegations import Cited, conclude_element, raise_exception
from casework.models import Allegation, ElementConclusion, Evidence, RaisedException
from casework.vocabulary import RaisedBy
from casework.web import words
from casework.web.forms import offer
from moves.forms import ActForm
from moves.refusals import Refusal
from policy_rules.models import Element, SectionVersion
from policy_rules.rules import Rules

SPARE_CITES = 2
"""Empty rows for citations that each element offers beside those it has."""


class ElementForm(ActForm):
    """The conclusion on one element, the sentence that gives the reason, and the evidence it rests on."""

    code = forms.ChoiceField(label=_("Conclusion"), required=False, widget=forms.RadioSelect)
    sentence = forms.CharField(
        label=_("Why, in a sentence or two"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        element: Element,
        conclusion: ElementConclusion | None,
        evidence: Sequence[Evidence],
        codes: Sequence[str],
    ) -> None:
        self.element, self.conclusion = element, conclusion
        cites = list(conclusion.cites.all()) if conclusion else []
        self.rows = len(cites) + SPARE_CITES
        initial: dict[str, Any] = {}
        if conclusion is not None:
            initial = {"code": conclusion.code, "sentence": conclusion.sentence}
            for row, cite in enumerate(cites):
                initial |= {f"item_{row}": str(cite.evidence_id), f"place_{row}": cite.place}
        super().__init__(data, prefix=f"element{element.pk}", initial=initial)
        self.items = {str(item.pk): item for item in evidence}
        offer(self.fields["code"], words.labelled(codes))
        choices = [("", _("None")), *((key, f"{item.code} {item.title}") for key, item in self.items.items())]
        for row in range(self.rows):
            self.fields[f"item_{row}"] = forms.ChoiceField(
                label=_("Evidence %(number)d") % {"number": row + 1}, required=False, choices=choices
            )
            self.fields[f"place_{row}"] = forms.CharField(
                label=_("Page, line or time in evidence %(number)d") % {"number": row + 1},
                required=False,
                max_length=120,
            )

    @property
    def letter(self) -> str:
        """The element's letter in its section: ``b`` of ``DE-4.2-b``."""
        return self.element.code.rpartition("-")[2]

    @property
    def cite_rows(self) -> list[tuple[Any, Any]]:
        """The pairs of fields of the citations."""
        return [(self[f"item_{row}"], self[f"place_{row}"]) for row in range(self.rows)]

    def answers(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen = ((given[f"item_{row}"], given[f"place_{row}"]) for row in range(self.rows))
        cites = [Cited(self.items[key], place) for key, place in chosen if key]
        return {"code": given["code"], "sentence": given["sentence"], "cites": cites}

    def _blame(self, field: str, sentence: str) -> None:
        super()._blame("item_0" if field == "cites" else field, sentence)


class ExceptionForm(ActForm):
    """Who raised an exception, and what came of it."""

    raised_by = forms.ChoiceField(
        label=_("Raised by"), required=False, choices=[("", _("Not raised by anyone")), *RaisedBy.choices]
    )
    result = forms.ChoiceField(label=_("Conclusion"), required=False)

    def __init__(
        self, data: QueryDict | None, *, version: SectionVersion, raised: RaisedException | None, codes: Sequence[str]
    ) -> None:
        self.version, self.raised = version, raised
        initial = {"raised_by": raised.raised_by, "result": raised.result} if raised else {}
        super().__init__(data, prefix=f"exception{version.pk}", initial=initial)
        offer(self.fields["result"], [("", _("No conclusion yet")), *words.labelled(codes)])

    @property
    def result_label(self) -> Any:
        """What came of the exception, in words."""
        return words.code_label(self.raised.result) if self.raised and self.raised.result else _("No conclusion yet")


class Worksheet:
    """All forms of one allegation, saved together: each changed answer is an act of its own."""

    def __init__(self, allegation: Allegation, rules: Rules, data: QueryDict | None = None) -> None:
        self.allegation = allegation
        version, day = allegation.cited
        conclusions = {row.element_id: row for row in allegation.conclusions.prefetch_related("cites__evidence")}
        evidence = list(allegation.case.evidence.filter(is_collected=True))
        raised = {row.section_version_id: row for row in allegation.exceptions.select_related("section_version")}

        def forms_for(elements: Any) -> list[ElementForm]:
            return [
                ElementForm(
                    data,
                    element=element,
                    conclusion=conclusions.get(element.pk),
                    evidence=evidence,
                    codes=rules.codes("element_conclusions"),
                )
                for element in elements
            ]

        self.elements = forms_for(version.elements.all())
        self.exceptions = [
            (
                ExceptionForm(
                    data, version=excuse, raised=raised.get(excuse.pk), codes=rules.codes("exception_conclusions")
                ),
                forms_for(excuse.elements.all()) if excuse.pk in raised else [],
            )
            for excuse in version.exceptions_on(day)
        ]

    @property
    def all_forms(self) -> list[ActForm]:
        """Every form, in the order of the page."""
        forms_: list[ActForm] = list(self.elements)
        for form, elements in self.exceptions:
            forms_ += [form, *elements]
        return forms_

    @property
    def errors(self) -> bool:
        """Whether any form has an error; the frame of the page asks it for the title."""
        return any(form.is_bound and form.errors for form in self.all_forms)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The reasons for which acts were refused."""
        return tuple(refusal for form in self.all_forms for refusal in form.refusals)

    @property
    def status(self) -> int:
        """The status with which the page is answered: that of a refusal, if there was one."""
        return max(form.status for form in self.all_forms)

    def save(self, by: User) -> bool:
        """Record each answer that changed, exceptions newly raised first and their results last; say if all were taken.

        What was taken is kept; what was not stays in the form with the reason beside it.
        """
        return all([self._conclude(form, by) for form in self._element_forms()] + self._raise(by))

    def _element_forms(self) -> list[ElementForm]:
        return [*self.elements, *(form for _excuse, elements in self.exceptions for form in elements)]

    def _conclude(self, form: ElementForm, by: User) -> bool:
        if not form.has_changed():
            return True
        return form.carry_out(conclude_element, allegation=self.allegation, element=form.element, by=by)

    def _raise(self, by: User) -> list[bool]:
        return [
            form.carry_out(raise_exception, allegation=self.allegation, section=form.version.section.code, by=by)
            for form, _elements in self.exceptions
            if form.has_changed()
        ]
