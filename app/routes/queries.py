"""What every call asks of its query that FastAPI does not."""

from starlette.requests import Request

from app.problems import InvalidRequest


def refuse_repeated_parameters(request: Request) -> None:
    """Of a parameter that stands twice in the query neither value is taken, since either would be a guess.

    Raises:
        InvalidRequest: if one does.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) < len(names):
        raise InvalidRequest("A parameter stands twice in the query. Give each of them once.")
