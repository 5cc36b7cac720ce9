"""Every text of the pages stands in both languages, is used, and is filled in alike."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.http.i18n import LANGUAGES, load_texts
from app.problems import PROBLEMS

PLURAL_FORMS = {"en": {"one", "other"}, "pl": {"one", "few", "many", "other"}}  # as Unicode's CLDR names them
PLURAL = re.compile(r"\.(one|few|many|other)$")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
CALL = re.compile(r"\bt(?:\.has)?\(([^,)]*)")  # the first argument of t(...)
LITERAL = re.compile(r'"([^"]+)"')
DYNAMIC = re.compile(r"[`\"]([a-z-]+(?:\.[a-z-]+)*\.)(?:\$\{|\" ~ )")  # `kind.${...}` and "problem." ~ ...
TOOL = re.compile(r'\{\{ tool\("[\w-]+", "([\w.-]+)"')  # a macro of draw.html: its key, and the same with ".key"


@pytest.fixture(scope="module")
def locales(root: Path) -> Mapping[str, dict[str, str]]:
    return {language: json.loads((root / f"static/locales/{language}.json").read_text()) for language in LANGUAGES}


@pytest.fixture(scope="module")
def sources(root: Path) -> Mapping[str, str]:
    files = [*(root / "static/js").rglob("*.js"), *(root / "templates").rglob("*.html")]
    return {str(path.relative_to(root)): path.read_text() for path in files}


def asked_for(source: str) -> set[str]:
    """The keys that a file names outright."""
    calls = {key for argument in CALL.findall(source) if "~" not in argument for key in LITERAL.findall(argument)}
    tools = set(TOOL.findall(source))
    return calls | tools | {f"{key}.key" for key in tools}


def test_both_languages_have_the_same_texts(locales: Mapping[str, dict[str, str]]) -> None:
    english, polish = ({PLURAL.sub("", key) for key in locales[language]} for language in LANGUAGES)

    assert english == polish


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_every_form_of_their_language(language: str, locales: Mapping[str, dict[str, str]]) -> None:
    forms: dict[str, set[str]] = {}
    for key in locales[language]:
        if match := PLURAL.search(key):
            forms.setdefault(PLURAL.sub("", key), set()).add(match[1])

    assert forms
    assert all(found == PLURAL_FORMS[language] for found in forms.values()), forms


def test_placeholders_are_the_same_in_both_languages(locales: Mapping[str, dict[str, str]]) -> None:
    for key, text in locales["pl"].items():
        english = locales["en"].get(key) or locales["en"][PLURAL.sub(".other", key)]

        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english)), key


def test_no_text_is_empty(locales: Mapping[str, dict[str, str]]) -> None:
    assert all(text.strip() == text and text for texts in locales.values() for text in texts.values())


def test_every_key_that_is_asked_for_exists(locales: Mapping[str, dict[str, str]], sources: Mapping[str, str]) -> None:
    known = set(locales["en"]) | {PLURAL.sub("", key) for key in locales["en"]}

    missing = {(name, key) for name, source in sources.items() for key in asked_for(source) - known}

    assert not missing


def test_no_text_is_left_over(locales: Mapping[str, dict[str, str]], sources: Mapping[str, str]) -> None:
    whole = "\n".join(sources.values())
    literals, prefixes = asked_for(whole), tuple(DYNAMIC.findall(whole))

    unused = {key for key in locales["en"] if PLURAL.sub("", key) not in literals and not key.startswith(prefixes)}

    assert not unused


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_is_worded(language: str, root: Path) -> None:
    texts = load_texts(root / "static" / "locales")[language]

    assert all(texts(f"problem.{name}") for name in PROBLEMS)
