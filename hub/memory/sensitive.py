"""Sensitive kinds of facts (those of Article 9 of the GDPR, and crimes), by words and by what the model says."""

from __future__ import annotations

import re
import unicodedata

_BEGINNINGS: dict[str, str] = {
    "health": (
        "diagnos illness sickness disease cancer tumou?r diabet asthma allerg(?:ic|y|ies) "
        "depress(?:ed|ion|ive) anxiety bipolar adhd autis schizo epilep hiv medicat medicine antidepress "
        "insulin prescri chemo surgery therap(?:y|ist) psychiatr psycholog pregnan miscarriage abortion "
        "infertil disab(?:led|ility|ilities) wheelchair migraine addict alcoholic rehab blood.pressure vaccin "
        "krankheit krebs diabet allergi depressi schwanger behinder therapie medikament chronisch maladie "
        "enceinte dépressi médicament handicap allergique enfermedad embaraz malattia incinta gravidanza doença "
        "grávida alérgic asma"
    ),
    "politics": (
        "vot(?:e|es|ed|ing).for republican democrat(?:s|ic.party)? conservative.party labour.party left-wing "
        "right-wing communist socialist libertarian politic(?:al|ally) maga cdu spd afd wähl(?:e|t|te).die "
        "parteimitglied je.vote.pour parti.socialiste vot(?:o|é).(?:por|a) ho.votato votei"
    ),
    "religion": (
        "religio christian catholic protestant orthodox.church muslim islam jew(?:ish|s)? judaism hindu "
        "buddhis sikh atheis agnostic mormon church mosque synagogue pray(?:s|ed|ing|er)? baptis evangelisch "
        "katholisch jüdisch konfession gläubig catholique musulman juif croyant católic cattolic cristian judí(?:o|a) "
        "ebre(?:o|a)"
    ),
    "sexuality": (
        "gay lesbian bisexual homosexual heterosexual queer transgender transsexual non-?binary sexual "
        "asexual schwul lesbisch bisexuell sexuell lesbienne homosexuel"
    ),
    "ethnicity": (
        "ethnic racial african.american native.american romani indigenous skin.colou?r migrationshintergrund"
    ),
    "union": ("trade.union labou?r.union union.member unionis gewerkschaft syndicat(?:s|é|e)?"),
    "biometrics": ("biometric fingerprint iris.scan dna genetic genome gentest génétique"),
    "crime": (
        "convict(?:ed|ion) criminal.record arrested prison jail vorbestraft gefängnis condamné en.prison "
        "cárcel prigione antecedentes.penales"
    ),
}
_WHOLE = frozenset({"dna", "hiv", "gay", "maga", "cdu", "spd", "afd", "adhd"})


def _bare(text: str) -> str:
    """`text` without accents, so that "diabète" begins as "diabetes" does."""
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _pattern(beginnings: str) -> re.Pattern[str]:
    parts = [one.replace(".", r"\s") + (r"\b" if one in _WHOLE else "") for one in _bare(beginnings).split()]
    return re.compile(r"\b(?:" + "|".join(parts) + ")", re.IGNORECASE)


_PATTERNS = {kind: _pattern(beginnings) for kind, beginnings in _BEGINNINGS.items()}
KINDS = tuple(_BEGINNINGS)


def kind_of(text: str, claimed: str = "") -> str:
    """The sensitive kind that a text is of ("health"), "" for none; `claimed` is what the model took it for."""
    if claimed.casefold() in KINDS:
        return claimed.casefold()
    bare = _bare(text)
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(bare)), "")
