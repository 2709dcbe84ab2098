"""The policy manual as rows: what it says, since when, and the rules kept as data that cite it."""

from policy_rules.models.citations import Citation
from policy_rules.models.consultation import (
    Capacity,
    Channel,
    Comment,
    CommentGroup,
    Docket,
    HeardText,
    ListeningSession,
    Withheld,
)
from policy_rules.models.drafts import DraftRule, DraftSection, DraftTranslation
from policy_rules.models.manual import Chapter, ChapterVersion, Manual
from policy_rules.models.register import Revision
from policy_rules.models.rules import Authority, RuleSet
from policy_rules.models.sections import (
    Annotation,
    Container,
    Element,
    ExceptionLink,
    Kind,
    Lineage,
    Paragraph,
    Section,
    SectionVersion,
)
from policy_rules.models.training import (
    Course,
    Curriculum,
    PanelMember,
    PanelRecommendation,
    RequiredOf,
    TaughtSection,
)
from policy_rules.models.translations import ElementTranslation, ManualTranslation, SectionTranslation

__all__ = [
    "Annotation",
    "Authority",
    "Capacity",
    "Channel",
    "Chapter",
    "ChapterVersion",
    "Citation",
    "Comment",
    "CommentGroup",
    "Container",
    "Course",
    "Curriculum",
    "Docket",
    "DraftRule",
    "DraftSection",
    "DraftTranslation",
    "Element",
    "ElementTranslation",
    "ExceptionLink",
    "HeardText",
    "Kind",
    "Lineage",
    "ListeningSession",
    "Manual",
    "ManualTranslation",
    "PanelMember",
    "PanelRecommendation",
    "Paragraph",
    "RequiredOf",
    "Revision",
    "RuleSet",
    "Section",
    "SectionTranslation",
    "SectionVersion",
    "TaughtSection",
    "Withheld",
]
