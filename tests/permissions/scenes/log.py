from audit import log
from tests import walk
from tests.permissions.visitors import Scene, scene


@scene
def public_log() -> Scene:
    walk.file()
    newest = log.integrate()
    return Scene({"level": 0, "place": "000.p/1", "size": newest.size if newest else 0})
