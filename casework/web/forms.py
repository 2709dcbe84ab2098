"""The forms of the staff pages. A form gives its answers to one act, and shows what the act says is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.clocks import today
from casework.models import CaseOfficer
from casework.vocabulary import (
    Channel,
    Confidentiality,
    ConflictGround,
    ContactMethod,
    EvidenceKind,
    NoteKind,
    OfficerPart,
    PartyKind,
    PreservationAnswer,
    Relation,
)
from casework.web import words
from moves.forms import ActForm, day_field
from policy_rules.rules import board_reviews_on

SHORT = 300
OPEN_CHOICE: tuple[tuple[str, Any], ...] = (("", _("Choose")),)


def text_field(label: Any, *, required: bool = True, help_text: Any = "", **more: Any) -> forms.CharField:
    """Return a field for prose."""
    return forms.CharField(label=label, required=required, help_text=help_text, widget=forms.Textarea, **more)


def yes_no(label: Any, yes: Any, no: Any) -> forms.TypedChoiceField:
    """Return a field that must be answered with yes or no, in the words of the question."""
    return forms.TypedChoiceField(
        label=label, choices=[("yes", yes), ("no", no)], coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )


def offer(field: forms.Field, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field its choices, where they depend on the case or the day."""
    cast("forms.ChoiceField", field).choices = list(choices)


class BackdatedForm(ActForm):
    """A form whose act may have taken place earlier, for those who may say so."""

    on = day_field(_("Day on which it took place"), help_text=_("Leave empty for today."))

    def __init__(self, *args: Any, may_backdate: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_backdate:
            del self.fields["on"]
        else:
            self.order_fields([*(name for name in self.fields if name != "on"), "on"])


class FilingForm(ActForm):
    """A complaint as a member of the office takes it down: by phone, from a letter, or in person."""

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[*OPEN_CHOICE, *((code, label) for code, label in Channel.choices if code != Channel.WEB_FORM)],
    )
    received = day_field(_("Day on which it came"), help_text=_("Leave empty for today."))
    language = forms.ChoiceField(label=_("Language of the complainant"), choices=settings.LANGUAGES)
    narrative = text_field(
        _("What happened"),
        help_text=_("In the complainant’s own words and language. These words are never changed."),
        max_length=200_000,
    )
    title = forms.CharField(
        label=_("Short title"), required=False, max_length=120, help_text=_("For lists. Name no person.")
    )
    incident_from = day_field(_("Day of the event"), help_text=_("The first day, if there were several."))
    incident_to = day_field(_("Last day of the event"))
    incident_time = forms.CharField(label=_("Time of day"), required=False, max_length=60)
    place = forms.CharField(label=_("Place"), required=False, max_length=SHORT)
    district = forms.CharField(label=_("District"), required=False, max_length=60)
    relation = forms.ChoiceField(
        label=_("What the complainant is to the event"), choices=Relation.choices, initial=Relation.UNKNOWN
    )
    desired_outcome = text_field(_("What the complainant asks for"), required=False)
    board_requested = forms.BooleanField(label=_("The complainant asks that the board hear the case"), required=False)
    confidentiality = forms.ChoiceField(
        label=_("How far the name may be known"),
        choices=Confidentiality.choices,
        widget=forms.RadioSelect,
        initial=Confidentiality.NAMED,
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = forms.CharField(label=_("Address"), required=False, max_length=SHORT)
    safe_contact = forms.CharField(label=_("How and when contact is safe"), required=False, max_length=SHORT)
    needs = forms.CharField(
        label=_("Help that is needed"),
        required=False,
        max_length=SHORT,
        help_text=_("Interpreter, large print, relay."),
    )
    once = forms.CharField(widget=forms.HiddenInput)

    IDENTITY = ("name", "phone", "email", "address", "safe_contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not board_reviews_on(today()):
            del self.fields["board_requested"]

    def identity(self) -> dict[str, str]:
        """Return what was given of the person's identity; empty where nothing was."""
        return {name: self.cleaned_data[name] for name in self.IDENTITY if self.cleaned_data[name]}


class ClassifyForm(ActForm):
    """The class of a complaint, among those of the rules in force."""

    code = forms.ChoiceField(label=_("Class"), widget=forms.RadioSelect)
    reason = text_field(_("Reason"), required=False)

    def __init__(self, *args: Any, codes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["code"], words.labelled(codes))

    def _blame(self, field: str, sentence: str) -> None:
        super()._blame("code" if field == "classification" else field, sentence)


class AllegationForm(ActForm):
    """One section against one officer."""

    section = forms.ChoiceField(label=_("Section"))
    officer = forms.ModelChoiceField(CaseOfficer.objects.none(), label=_("Officer"), empty_label=_("Choose"))
    summary = forms.CharField(label=_("What is alleged, in a sentence"), required=False, max_length=500)
    incident_on = day_field(_("Day of the event"), help_text=_("Only if the complaint does not give one day."))
    version_reason = forms.CharField(
        label=_("Why this day or this version is taken"),
        required=False,
        max_length=500,
        help_text=_(
            "Needed where the day is not known, or the rule changed between the first and the last possible day."
        ),
    )

    def __init__(self, *args: Any, sections: list[tuple[str, str]], officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["section"], [*OPEN_CHOICE, *sections])
        cast("forms.ModelChoiceField", self.fields["officer"]).queryset = officers


class OfficerForm(ActForm):
    """An officer by badge, or by description."""

    badge = forms.CharField(label=_("Badge"), required=False, max_length=20)
    description = text_field(
        _("Description"), required=False, help_text=_("Where the officer is not known yet."), max_length=500
    )
    part = forms.ChoiceField(label=_("Part in the case"), choices=OfficerPart.choices)


class IdentifyForm(ActForm):
    """Who an officer known only by description is."""

    badge = forms.CharField(label=_("Badge"), max_length=20)


class PartyForm(ActForm):
    """A civilian in the case."""

    kind = forms.ChoiceField(label=_("What the person is in the case"), choices=PartyKind.choices)
    confidentiality = forms.ChoiceField(label=_("How far the name may be known"), choices=Confidentiality.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    needs = forms.CharField(label=_("Help that is needed"), required=False, max_length=SHORT)
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = forms.CharField(label=_("Address"), required=False, max_length=SHORT)
    safe_contact = forms.CharField(label=_("How and when contact is safe"), required=False, max_length=SHORT)

    def answers(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        identity = {name: value for name in FilingForm.IDENTITY if (value := given.pop(name))}
        return {**given, "identity": identity}


class IdentityForm(ActForm):
    """Why the sealed panel of a person is opened."""

    reason = forms.CharField(label=_("Why you need the contact details"), max_length=SHORT)


class EvidenceForm(ActForm):
    """A file, a reference to a recording kept elsewhere, or an item that was not to be had."""

    kind = forms.ChoiceField(label=_("What it is"), choices=[*OPEN_CHOICE, *EvidenceKind.choices])
    title = forms.CharField(label=_("Title"), max_length=SHORT)
    source = forms.CharField(label=_("Who or what it comes from"), required=False, max_length=200)
    locator = forms.CharField(
        label=_("Where the recording system keeps it"), required=False, max_length=200, help_text=_("For a reference.")
    )
    file = forms.FileField(label=_("File"), required=False, help_text=_("Photo, video, sound, PDF or text."))
    is_compelled = forms.BooleanField(label=_("A statement that the officer was ordered to give"), required=False)
    absent = forms.BooleanField(label=_("The item could not be collected"), required=False)
    not_collected_reason = forms.CharField(label=_("Why it could not be collected"), required=False, max_length=SHORT)

    def answers(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        file = given.pop("file")
        given["is_collected"] = not given.pop("absent")
        return {**given, "chunks": file.chunks(), "filename": file.name} if file else given


class NoteForm(ActForm):
    """A working note."""

    kind = forms.ChoiceField(label=_("What it is"), choices=NoteKind.choices)
    text = text_field(_("Note"))


class StrikeForm(ActForm):
    """Why a note is struck."""

    reason = forms.CharField(label=_("Why the note is struck"), max_length=SHORT)


class MessageForm(ActForm):
    """A message to the complainant."""

    text = text_field(_("Message to the complainant"), help_text=_("It appears on their tracking page at once."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class UpdateForm(ActForm):
    """What whoever sends an update adds to it."""

    note = text_field(
        _("What to add"),
        required=False,
        help_text=_("In the complainant's language. Without it the update says that there is nothing new."),
    )


class ContactForm(BackdatedForm):
    """An attempt to reach the complainant."""

    method = forms.ChoiceField(label=_("How"), choices=[*OPEN_CHOICE, *ContactMethod.choices])
    was_reached = yes_no(_("Was the person reached?"), _("Yes"), _("No"))
    note = forms.CharField(label=_("What was said or tried"), required=False, widget=forms.Textarea)


class DeclareForm(ActForm):
    """Whether one has a conflict in the case."""

    has_conflict = yes_no(
        _("Do you have a conflict of interest in this case?"), _("Yes, I have one"), _("No, I have none")
    )
    ground = forms.ChoiceField(
        label=_("What the conflict is"), required=False, choices=[*OPEN_CHOICE, *ConflictGround.choices]
    )
    note = text_field(_("Anything to add"), required=False)


class AssignForm(ActForm):
    """Who is to investigate."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Investigator"), empty_label=_("Choose"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["user"]).queryset = people


class ReportForm(ActForm):
    """The investigator's report."""

    text = text_field(_("Report of the investigation"))


class RecommendForm(ActForm):
    """The finding that the investigator recommends."""

    code = forms.ChoiceField(label=_("Finding"), widget=forms.RadioSelect)
    act_occurred = yes_no(_("Did the act take place, with this officer in it?"), _("Yes"), _("No"))
    reason = text_field(
        _("Why it departs from what the elements imply"), required=False, help_text=_("Needed only where it does.")
    )

    def __init__(self, *args: Any, codes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["code"], words.labelled(codes))


class PreserveForm(BackdatedForm):
    """Who is asked to keep which recording."""

    holder = forms.CharField(
        label=_("Who holds it"), max_length=200, help_text=_("The department’s body cameras, a shop, a bus company.")
    )
    what = forms.CharField(
        label=_("What is to be kept"),
        max_length=500,
        help_text=_("Camera or officer, place, day, and from when to when."),
    )
    due_on = day_field(_("Answer due by"), required=True)


class PreservationAnswerForm(BackdatedForm):
    """What the holder of a recording answered."""

    answer = forms.ChoiceField(label=_("Answer"), choices=PreservationAnswer.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Anything to add"), required=False, max_length=500)
