"""Who gets what at every address: the hand-kept table, and the harness that holds the program to it.

Every route of the project, page or API, has rows here. A route without a row fails the build, and so does a row whose
route is gone. The rows are typed by hand as a second statement of the law: they import nothing from the program.

**To add a route**, add its address and one line per method to the file of its package in `tests/permissions/rows/`::

    # rows/casework.txt
    /staff/cases/<number>/
        GET  open_case: anonymous=sign-in others=404 superuser=404 assigned_investigator=200 recused_member=404
        POST open_case: anonymous=sign-in others=404 assigned_investigator=302 recused_member=404

An address is written without converters (`<number>`, not `<str:number>`), with `[lang]` for the language prefix. A line
is a method, the name of a scene where one is needed, a colon, and the outcomes. Lines may be continued by deeper
indentation; `#` begins a comment.

**Outcomes** are `visitor[,visitor]=outcome`. Outcomes are a status code, or

* `sign-in`: sent to the sign-in page;
* `confirm`: sent to confirm who they are before a sensitive act.

**Visitors** of every row (`visitors.py`): `anonymous`; `no_role`, a person who signs in and holds no role; one person
for each role, by its code, without relation to any case; `superuser`. Routes under `/api/` are also visited with API
tokens, one for each scope: `token[cases:read]` and so on. `others` stands for all of these that the line does not name,
except `anonymous`, which is always named; `anyone` stands for all of them.

**Scenes** (`scenes/<package>.py`) set up the thing that an address is about, and the people who stand in a relation to
it. A scene is a function that returns a `Scene`: the values of the route's parameters, the related visitors by name,
and the body to post. Each related visitor must be named in each line; `others` never covers one::

    @scene
    def open_case() -> Scene:
        case = ...
        return Scene(parameters={"number": case.number}, visitors={"assigned_investigator": Visitor(user=...)})

**Methods without a line are refused**: the harness tries them as every visitor and accepts only 401, 403, 404, 405 and
the way to the sign-in page. So a page that only reads needs `@require_safe` or its like.

Each request runs in a savepoint that is rolled back, so lines do not see each other's effects.
"""
