"""The pages: HTML from templates, in the visitor's language; the API's addresses are not below them."""

from fastapi import APIRouter
from fastapi.templating import Jinja2Templates
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.http.i18n import COOKIE, LANGUAGES, choose_language
from app.problems import PROBLEMS, NotFound
from app.routes.models import list_models
from app.services import services_of
from app.settings import ROOT

LANGUAGE_SECONDS = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(ROOT / "templates")


@router.get("/")
def draw(request: Request) -> Response:
    """Show the page on which a person draws or opens a picture and sees the network."""
    return _page(request, "draw.html", **list_models(services_of(request)))


@router.get("/problems/{name}")
def problem(request: Request, name: str) -> Response:
    """Explain a type of problem."""
    if name not in PROBLEMS:
        raise NotFound
    return _page(request, "problem.html", problem=PROBLEMS[name])


@router.get("/docs")
def docs(request: Request) -> Response:
    """Show every call of the API, to be read and tried, using only files from this server."""
    return _page(request, "docs.html")


def _page(request: Request, template: str, **context: object) -> Response:
    asked = request.query_params.get("lang")
    language = choose_language(asked, request.cookies.get(COOKIE), request.headers.get("accept-language"))
    services = services_of(request)
    texts = services.texts[language]
    static = f"/static/{services.page_files.version()}"  # one version for the whole page
    common = {"t": texts, "language": language, "languages": LANGUAGES, "version": __version__, "static": static}
    response = templates.TemplateResponse(request, template, {**common, **context})
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    if asked in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=LANGUAGE_SECONDS, samesite="lax")
    return response
