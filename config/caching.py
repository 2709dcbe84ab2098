"""What a view calls public is one answer for everyone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def one_for_everyone(get_response: Handler) -> Handler:
    """Middleware: let caches keep one copy of an answer whose Cache-Control says public, as of the log's tiles.

    Further in, each answer is marked as one that depends on cookies and language, and a session that is open is sent
    along; a shared cache would keep a copy for every reader, or hand one reader's cookie to the next.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "public" in response.headers.get("Cache-Control", ""):
            for header in ("Vary", "Content-Language"):
                response.headers.pop(header, None)
            response.cookies.clear()
        return response

    return answer
