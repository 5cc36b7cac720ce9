"""The styles: lengths and colours from tokens, a part styled in one place, and nothing that no page uses."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from jinja2 import ChainableUndefined, Environment, FileSystemLoader

MOST_LINES = 350
HAIRLINES = {"0px", "1px"}
"""The only lengths outside the tokens: nothing, where a sum needs its unit, and a line of one pixel."""
COMPOSED = {"legend-": {"legend-low", "legend-zero", "legend-high"}, "terms-": {"terms-opposing"}}
"""Classes that scripts compose as they run, by the prefix that stands there before ``${``."""

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
LENGTH = re.compile(r"(?<![\w#.-])\d*\.?\d+(?:px|rem|pt|cm|mm|in)\b")
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)\(")
CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
STRING = re.compile(r'"[^"\n]*"|`[^`]*`')
GIVEN = re.compile(r'\bclass(?:: |=)"([^"{]*)"')
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?:^|\s)//[^\n]*", re.DOTALL)


@pytest.fixture(scope="module")
def styles(root: Path) -> Mapping[str, str]:
    """Every style file without its comments, by its path below ``static/css``."""
    folder = root / "static/css"
    return {str(path.relative_to(folder)): COMMENT.sub("", path.read_text()) for path in sorted(folder.rglob("*.css"))}


@pytest.fixture(scope="module")
def styled(styles: Mapping[str, str]) -> set[str]:
    """Every class that a selector names."""
    return {each for text in styles.values() for selector, _ in rules(text) for each in CLASS.findall(selector)}


@pytest.fixture(scope="module")
def markup(root: Path) -> str:
    """All templates as they are written."""
    return "\n".join(path.read_text() for path in sorted((root / "templates").rglob("*.html")))


@pytest.fixture(scope="module")
def scripts(root: Path) -> str:
    """All the page's scripts without their comments."""
    return "\n".join(SCRIPT_COMMENT.sub("", path.read_text()) for path in sorted((root / "static/js").rglob("*.js")))


@pytest.fixture(scope="module")
def templates(root: Path) -> Mapping[str, str]:
    """Every page as it is rendered, without texts."""
    environment = Environment(
        loader=FileSystemLoader(root / "templates"), undefined=ChainableUndefined, autoescape=True
    )
    pages = [path.name for path in (root / "templates").glob("*.html")]
    return {
        page: environment.get_template(page).render(static="/static", models=["one"], t=lambda key: key)
        for page in pages
    }


def rules(text: str) -> list[tuple[str, str]]:
    """Selectors and declarations, those within media and container queries among them."""
    return [(" ".join(selector.split()), body) for selector, body in RULE.findall(text)]


def test_no_style_file_is_long(root: Path) -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in (root / "static/css").rglob("*.css")}

    assert lengths
    assert {str(path): lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_style_file_says_first_what_it_styles(root: Path) -> None:
    first_lines = {path: path.read_text().partition("\n")[0] for path in (root / "static/css").rglob("*.css")}

    assert [str(path) for path, line in first_lines.items() if not re.fullmatch(r"/\* [A-Z].*\. \*/", line)] == []


def test_lengths_and_colours_come_from_tokens(styles: Mapping[str, str]) -> None:
    literal = [
        (name, selector, found)
        for name, text in styles.items()
        if name != "tokens.css"
        for selector, body in rules(text)
        for found in [*LENGTH.findall(body), *COLOUR.findall(body)]
        if found not in HAIRLINES
    ]

    assert literal == []


def test_every_token_is_used_and_every_used_one_is_defined(styles: Mapping[str, str], scripts: str) -> None:
    css = "\n".join(styles.values())
    set_by_scripts = set(re.findall(r'setProperty\("(--[\w-]+)"', scripts))
    read_by_scripts = set(re.findall(r'"(--[\w-]+)"', re.sub(r'setProperty\("--[\w-]+"', "", scripts)))
    defined = set(re.findall(r"(--[\w-]+)\s*:", css)) | set_by_scripts
    used = set(re.findall(r"var\(\s*(--[\w-]+)", css))

    assert used - defined == set()
    assert defined - used - read_by_scripts == set()
    assert read_by_scripts - defined == set()


def test_pages_link_every_style_file_and_no_other(styles: Mapping[str, str], templates: Mapping[str, str]) -> None:
    linked = {name: re.findall(r'href="/static/css/([^"]+)"', page) for name, page in templates.items()}

    assert {file for files in linked.values() for file in files} == set(styles)
    assert {name: max(Counter(files).values(), default=1) for name, files in linked.items()} == dict.fromkeys(linked, 1)


def test_every_styled_class_is_given_to_something(styled: set[str], scripts: str, markup: str) -> None:
    given = {word for string in STRING.findall(scripts + markup) for word in string[1:-1].split()}
    composed = set().union(*(names for prefix, names in COMPOSED.items() if f"`{prefix}${{" in scripts))

    assert styled
    assert styled - given - composed == set()
    assert composed <= styled


def test_every_class_that_is_given_is_styled(styled: set[str], scripts: str, markup: str) -> None:
    given = {word for classes in GIVEN.findall(scripts + markup) for word in classes.split()}

    assert given
    assert given - styled == set()


def test_a_selector_is_styled_in_one_file(styles: Mapping[str, str]) -> None:
    files: dict[str, set[str]] = {}
    for name, text in styles.items():
        for selector, _ in rules(text):
            if CLASS.search(selector):
                files.setdefault(selector, set()).add(name)

    assert {selector: sorted(names) for selector, names in files.items() if len(names) > 1} == {}


def test_no_rule_is_forced_or_bound_to_an_id(styles: Mapping[str, str]) -> None:
    for name, text in styles.items():
        assert "!important" not in text, name
        assert not [selector for selector, _ in rules(text) if re.search(r"#[\w-]", selector)], name
