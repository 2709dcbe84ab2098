"""The pages of each package."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """A page in one state, as one visitor sees it; `tests/browser/__init__.py` says how to write one."""

    address: str
    visitor: str = "anonymous"
    scene: str = ""
    state: str = ""
    query: str = ""
    fill: Mapping[str, str] = field(default_factory=dict, hash=False)
    choose: Mapping[str, str] = field(default_factory=dict, hash=False)
    send: bool = False
    status: int = 200

    def __str__(self) -> str:
        return " ".join(filter(None, (self.address, self.query, self.scene, self.state, self.visitor)))


def pages() -> list[Page]:
    """Return the pages of all packages."""
    return [page for module in _modules() for page in module.PAGES]


def not_pages() -> dict[str, str]:
    """Return the addresses that show no page of their own, with the reason."""
    return {address: reason for module in _modules() for address, reason in module.NOT_PAGES.items()}


def _modules():
    return [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
