"""The language of a page: all texts are in ``static/locales/<language>.json``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "pl")
COOKIE = "layerscope-language"


@dataclass(frozen=True)
class Texts:
    """The texts of one language, by key."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: str | int | float) -> str:
        """Return a text, its ``{names}`` filled in.

        Raises:
            KeyError: if there is no such text; a test finds those before a person does.
        """
        return self.texts[key].format(**values) if values else self.texts[key]


def load_texts(locales_dir: Path) -> Mapping[str, Texts]:
    """Read the texts of every language."""
    return {
        language: Texts(language, json.loads((locales_dir / f"{language}.json").read_text(encoding="utf-8")))
        for language in LANGUAGES
    }


def choose_language(asked: str | None, remembered: str | None, accepted: str | None) -> str:
    """Return the language of a page.

    Args:
        asked: the address's ``?lang=``; it takes precedence.
        remembered: the earlier choice, from the cookie.
        accepted: the browser's ``Accept-Language`` header.
    """
    for language in (asked, remembered, *_by_preference(accepted or "")):
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def _by_preference(accepted: str) -> list[str]:
    """Return primary language tags, most wanted first (RFC 9110, section 12.5.4)."""
    wanted: list[tuple[float, int, str]] = []
    for part in accepted.split(","):
        tag, _, parameter = part.strip().partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        try:
            wanted.append((-float(quality), len(wanted), tag.partition("-")[0].lower()))
        except ValueError:
            continue
    return [tag for quality, _, tag in sorted(wanted) if quality < 0]
