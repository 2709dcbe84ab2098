from typing import Any

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own, which also gathers what `gettext_lazy` marks where it stands beside `gettext` as `_lazy`."""

    def __init__(self, *streams: Any, **more: Any) -> None:
        super().__init__(*streams, **more)
        self.xgettext_options = [*self.xgettext_options, "--keyword=_lazy"]
