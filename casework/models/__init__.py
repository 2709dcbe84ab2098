"""The records of casework."""

from casework.models.allegations import (
    Allegation,
    ElementConclusion,
    EvidenceCite,
    Finding,
    InvestigationReport,
    RaisedException,
)
from casework.models.assignments import (
    Assignment,
    CaseGroupPermission,
    CaseUserPermission,
    ConfidentialityAgreement,
    ConflictDeclaration,
    Wall,
)
from casework.models.board import Opinion, PanelDraw, PanelSeat, Vote
from casework.models.case import Case, CaseSequence, ImportSource, MoveProposal, MoveStatement, RawChange
from casework.models.clocks import CaseClock
from casework.models.decisions import Discipline
from casework.models.drafts import Draft
from casework.models.erasures import Erasure
from casework.models.evidence import CustodyEvent, Evidence, Packet
from casework.models.holds import Hold
from casework.models.imports import ImportedFile, ImportedRow
from casework.models.letters import Dispatch, Letter
from casework.models.messages import ContactAttempt, Message, Note
from casework.models.notices import Notice
from casework.models.people import CaseOfficer, Identity, Officer, Party
from casework.models.preservation import PreservationRequest
from casework.models.recommendations import Recommendation
from casework.models.reviews import ReviewPack
from casework.models.rollups import SectionTally
from casework.models.training import Acknowledgement, Attendance, OfficeAttendance, SessionCost, TrainingSession, Waiver
from casework.models.verifications import LogVerification
from casework.models.what_if import WhatIf

__all__ = [
    "Acknowledgement",
    "Allegation",
    "Assignment",
    "Attendance",
    "Case",
    "CaseClock",
    "CaseGroupPermission",
    "CaseOfficer",
    "CaseSequence",
    "CaseUserPermission",
    "ConfidentialityAgreement",
    "ConflictDeclaration",
    "ContactAttempt",
    "CustodyEvent",
    "Discipline",
    "Dispatch",
    "Draft",
    "ElementConclusion",
    "Erasure",
    "Evidence",
    "EvidenceCite",
    "Finding",
    "Hold",
    "Identity",
    "ImportSource",
    "ImportedFile",
    "ImportedRow",
    "InvestigationReport",
    "Letter",
    "LogVerification",
    "Message",
    "MoveProposal",
    "MoveStatement",
    "Note",
    "Notice",
    "OfficeAttendance",
    "Officer",
    "Opinion",
    "Packet",
    "PanelDraw",
    "PanelSeat",
    "Party",
    "PreservationRequest",
    "RaisedException",
    "RawChange",
    "Recommendation",
    "ReviewPack",
    "SectionTally",
    "SessionCost",
    "TrainingSession",
    "Vote",
    "Waiver",
    "Wall",
    "WhatIf",
]
