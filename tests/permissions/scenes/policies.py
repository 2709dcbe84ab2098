from tests import manual
from tests.permissions.visitors import Scene, scene


@scene
def policy_manual() -> Scene:
    manual.put_in_place()
    return Scene()


@scene
def policy_chapter() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE", "version": "1.0"})


@scene
def policy_section() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE-4.1", "version": "1.1"})


@scene
def earlier_policy_section() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE-4.2", "version": "1.0"})


@scene
def ended_policy_section() -> Scene:
    manual.put_in_place()
    return Scene({"code": "CH-2.5", "version": "1.1"})


@scene
def policy_exception() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE-6.1", "version": "1.1"})


@scene
def untranslated_policy_section() -> Scene:
    manual.put_in_place()
    return Scene({"code": "UF-2.4", "version": "3.0"})
