"""The forms of the pages of training."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.clocks import today
from casework.reporting.grant_outcomes import Elsewhere
from casework.reporting.office_training import everyone
from casework.training_vocabulary import Attended, CostCategory, Delivery, WaiverGround
from casework.web.forms import OPEN_CHOICE, offer, text_field, yes_no
from moves.forms import ActForm, day_field
from policy_rules.answers import Answer
from policy_rules.models import Course, Curriculum, PanelMember, RequiredOf

MINUTES = 60
LONGEST_HOURS = 100
MOST_COUNTED = 1_000_000_000
DEAREST = Decimal(10_000_000)


def _hours(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=required,
        help_text=help_text,
        min_value=Decimal("0.25"),
        max_value=LONGEST_HOURS,
        decimal_places=2,
        max_digits=5,
    )


def _minutes(hours: Decimal | None) -> int | None:
    return None if hours is None else int(hours * MINUTES)


def _codes(text: str) -> list[str]:
    return text.replace(",", " ").split()


class CourseForm(ActForm):
    """A course that is not kept yet."""

    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        help_text=_("Capital letters, digits and hyphens, such as DE-INIT. It is kept for good."),
    )
    title = forms.CharField(label=_("Title"), max_length=200)


class CurriculumForm(ActForm):
    """A version of what a course teaches."""

    version = forms.CharField(label=_("Version"), max_length=20, help_text=_("Such as 1.2."))
    effective_from = day_field(_("First day on which it is taught"), required=True)
    hours = _hours(_("Hours"))
    sections = forms.CharField(
        label=_("Sections it teaches"),
        max_length=2000,
        help_text=_("Codes with spaces between them, such as DE-4.1 DE-4.2."),
    )
    outline = text_field(_("What is taught, and how"), help_text=_("It is published."))
    required_of = forms.ChoiceField(label=_("Required of"), choices=RequiredOf.choices, widget=forms.RadioSelect)
    within_days = forms.IntegerField(
        label=_("Days within which it must be completed"),
        required=False,
        min_value=0,
        max_value=3650,
        help_text=_("From appointment, or from the first day of the course if that is later."),
    )
    renewed_after_years = forms.IntegerField(
        label=_("Calendar years after which it is taken again"),
        required=False,
        min_value=1,
        max_value=20,
        help_text=_("Leave empty where once is enough."),
    )
    certifies_trainers = forms.BooleanField(label=_("Those who complete it may teach it"), required=False)

    def answers(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {**given, "minutes": _minutes(given.pop("hours")), "sections": _codes(given["sections"])}

    def _blame(self, field: str, sentence: str) -> None:
        super()._blame("hours" if field == "minutes" else field, sentence)


class SessionForm(ActForm):
    """A session that is planned, or that was held."""

    code = forms.CharField(label=_("Code"), max_length=30, help_text=_("Such as TS-14."))
    course = forms.ChoiceField(label=_("Course"))
    held_on = day_field(_("Day"), required=True, help_text=_("It teaches the version in force on that day."))
    place = forms.CharField(label=_("Place"), max_length=200)
    instructor = forms.CharField(label=_("Who teaches it"), max_length=200)
    delivery = forms.ChoiceField(label=_("How it is given"), choices=Delivery.choices)
    hours = _hours(_("Hours"), required=False, help_text=_("Leave empty for the length of the curriculum."))
    seats = forms.IntegerField(label=_("Seats"), required=False, min_value=1, max_value=1000)
    award = forms.CharField(label=_("Number of the grant that pays"), required=False, max_length=60)

    def __init__(self, *args: Any, courses: Iterable[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {course.code: course for course in courses}
        offer(self.fields["course"], [*OPEN_CHOICE, *((code, str(course)) for code, course in self.courses.items())])

    def answers(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {**given, "minutes": _minutes(given.pop("hours")), "course": self.courses[given["course"]]}

    def _blame(self, field: str, sentence: str) -> None:
        super()._blame("hours" if field == "minutes" else field, sentence)


class TookForm(ActForm):
    """How one member took part."""

    badge = forms.CharField(label=_("Badge"), max_length=20)
    result = forms.ChoiceField(label=_("Result"), choices=Attended.choices)
    score = forms.IntegerField(label=_("Score in percent"), required=False, min_value=0, max_value=100)
    minutes = forms.IntegerField(
        label=_("Minutes there"), required=False, min_value=0, help_text=_("Only where it was not the whole session.")
    )


class PersonForm(ActForm):
    """How someone of the office or of the review board took part."""

    prefix = "person"
    person = forms.ChoiceField(label=_("Person"))
    result = forms.ChoiceField(label=_("Result"), choices=Attended.choices)
    minutes = forms.IntegerField(
        label=_("Minutes there"), required=False, min_value=0, help_text=_("Only where it was not the whole session.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.login: person for person in everyone()}
        offer(self.fields["person"], [*OPEN_CHOICE, *((login, str(person)) for login, person in self.people.items())])

    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "person": self.people[self.cleaned_data["person"]]}


class CorrectionForm(TookForm):
    """How the member did take part, and why what stands is wrong."""

    badge = None  # type: ignore[assignment]  # the member stays
    reason = text_field(_("Why it is corrected"))


class ImportForm(forms.Form):
    """A list of who attended: a file, or the same lines pasted; what is wrong can be mended where it stands."""

    file = forms.FileField(label=_("CSV file"), required=False)
    lines = forms.CharField(
        label=_("Or paste the lines"), required=False, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given = super().clean() or {}
        if not given.get("file") and not given.get("lines", "").strip():
            self.add_error("file", _("Choose a file or paste the lines."))
        return given

    def content(self) -> bytes:
        """Return the bytes of the list."""
        file = self.cleaned_data["file"]
        return file.read() if file else self.cleaned_data["lines"].encode()


class CostForm(ActForm):
    """What a session cost, by category."""

    def __init__(self, *args: Any, session: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stated = {cost.category: cost.cents for cost in session.costs.all()} if session else {}
        for category in CostCategory:
            cents = stated.get(category)
            self.fields[category] = forms.DecimalField(
                label=category.label,
                required=False,
                min_value=0,
                max_value=DEAREST,
                decimal_places=2,
                initial=None if cents is None else Decimal(cents) / 100,
            )

    def answers(self) -> dict[str, Any]:
        return {"cents": {code: int((self.cleaned_data[code] or 0) * 100) for code in CostCategory.values}}


class ExcuseForm(ActForm):
    """Why a member is excused from a course, and until when."""

    course = forms.ChoiceField(label=_("Course"))
    ground = forms.ChoiceField(label=_("Ground"), choices=WaiverGround.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=500)
    expires_on = day_field(_("Last day"), required=True)

    def __init__(self, *args: Any, courses: Iterable[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {course.code: course for course in courses}
        offer(self.fields["course"], [*OPEN_CHOICE, *((code, str(course)) for code, course in self.courses.items())])

    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "course": self.courses[self.cleaned_data["course"]]}


class SeatForm(ActForm):
    """Someone who joins the curriculum panel."""

    name = forms.CharField(
        label=_("Organisation or office"), max_length=200, help_text=_("It is public. Name no person.")
    )
    is_outside = yes_no(_("Do they come from outside the department?"), _("Yes"), _("No"))
    perspective = forms.CharField(
        label=_("What they bring to the panel"),
        required=False,
        max_length=200,
        help_text=_("Such as interpreting, or a life with crisis."),
    )
    since = day_field(_("Since"), required=True)


class RecommendForm(ActForm):
    """What a member of the panel recommends."""

    course = forms.ChoiceField(label=_("Course"))
    member = forms.ChoiceField(label=_("Member of the panel"))
    text = text_field(_("What is recommended"), help_text=_("In the panel’s own words. It is published."))
    made_on = day_field(_("Day"), required=True)

    def __init__(self, *args: Any, courses: Iterable[Course], members: Iterable[PanelMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("made_on", today())
        self.courses = {course.code: course for course in courses}
        self.members = {str(member.pk): member for member in members}
        offer(self.fields["course"], [*OPEN_CHOICE, *((code, str(course)) for code, course in self.courses.items())])
        offer(self.fields["member"], [*OPEN_CHOICE, *((key, str(member)) for key, member in self.members.items())])

    def answers(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "course": self.courses[given["course"]], "member": self.members[given["member"]]}


class AnswerForm(ActForm):
    """The department's answer to a recommendation."""

    code = forms.ChoiceField(label=_("Answer"), choices=Answer.choices, widget=forms.RadioSelect)
    rationale = text_field(_("Reasons"), help_text=_("They are published beside the recommendation."))
    led_to = forms.ChoiceField(label=_("Version that it led to"), required=False)

    def __init__(self, *args: Any, curricula: Iterable[Curriculum], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.curricula = {row.version: row for row in curricula}
        offer(self.fields["led_to"], [("", _("None")), *((version, version) for version in self.curricula)])

    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "led_to": self.curricula.get(self.cleaned_data["led_to"])}


class HoursForm(forms.Form):
    """Which sessions a report of hours counts."""

    first = day_field(_("First day"))
    last = day_field(_("Last day"))
    award = forms.CharField(label=_("Number of the grant"), required=False, max_length=60)
    course = forms.CharField(label=_("Code of a course"), required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        """Hold the days to their order."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return given


class ReportForm(forms.Form):
    """What a report of hours says in words, and the figures that are kept elsewhere; all may be left out."""

    narrative = forms.CharField(
        label=_("What was done"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    obstacles = forms.CharField(
        label=_("What stood in the way"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where nothing was done in the period, say here why."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in Elsewhere:
            for name, label in ((item.value, item.label), (f"{item.value}_before", _in_the_days_before(item.label))):
                self.fields[name] = forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_COUNTED)

    @property
    def counts(self) -> list[tuple[Any, Any]]:
        """The fields of the figures kept elsewhere, of the period and of the days before, side by side."""
        return [(self[item.value], self[f"{item.value}_before"]) for item in Elsewhere]

    @property
    def words(self) -> dict[str, str]:
        """What was written."""
        return {name: self.cleaned_data[name] for name in ("narrative", "obstacles")}

    @property
    def stated(self) -> dict[str, int | None]:
        """The figures that were stated."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.words}


def _in_the_days_before(label: Any) -> str:
    return _("%(figure)s, in as many days before") % {"figure": label}
