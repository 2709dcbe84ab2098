from typing import ClassVar

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own, which also gathers what `gettext_lazy` marks where it stands beside `gettext` as `_lazy`."""

    xgettext_options: ClassVar[list[str]] = [*makemessages.Command.xgettext_options, "--keyword=_lazy"]
