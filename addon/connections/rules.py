"""The access rule that HR sets on each Notion database, in the words that stand in Notion's own dialogs. Pure.

Page-level access rules need the Business plan and can be set by a person only (Notion help centre, 2026): the API neither
sets nor shows them.
"""

from __future__ import annotations

from connectors.notion.layout import GOALS, OPEN, PEOPLE, kind_of, title_of
from templates.shapes import Kind

DATABASES = (
    PEOPLE,
    "company/role-expectations",
    "working/goal-sheet",
    GOALS,
    "working/check-in",
    "working/quick-notes",
    "working/self-review",
    "private/peer-feedback",
    "private/manager-notes",
    "private/manager-review",
    "reviews/released-review",
)
OPEN_DATABASE = "Open “{title}” as a full page and choose Share. "
INVITED = "General access: “Only people invited”. "
RULE = "Page-level access: add the rule “{property}” → “{right}”. "


def rule_for(database: str) -> str:
    """What HR does with *database*."""
    kind = kind_of(database)
    begin = OPEN_DATABASE.format(title=title_of(database))
    if kind == Kind.ROLE_EXPECTATIONS:
        return f"{begin}General access: “Everyone in the workspace” → “Can view”; invite HR with “Can edit”."
    if kind == Kind.RELEASED_REVIEW:
        return f"{begin}{INVITED}{RULE.format(property='Shown to', right='Can comment')}".strip()
    edit = RULE.format(property="Shared with", right="Can edit" if database != PEOPLE else "Can view")
    view = RULE.format(property="Shown to", right="Can view") if database != PEOPLE else ""
    return f"{begin}{INVITED}{edit}{view}".strip()


def kind_called(words: str) -> str:
    """The kind that *words* (``manager-notes`` or ``Manager notes``) mean, "" when they mean none that needs confirming."""
    wanted = words.strip().casefold()
    for database in DATABASES:
        kind = kind_of(database)
        if kind not in OPEN and database not in (PEOPLE, GOALS) and wanted in (kind, title_of(database).casefold()):
            return kind
    return ""


def confirmable() -> list[str]:
    """The kinds that `throughline confirm-access` takes."""
    return [kind_of(one) for one in DATABASES if kind_of(one) not in OPEN and one not in (PEOPLE, GOALS)]
