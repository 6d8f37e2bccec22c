"""Which exchanges are worth a model's time: cheap rules, that let pass whatever they are not sure of."""

from __future__ import annotations

import re

from hub.memory.words import own, words
from hub.search.words import language


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PERSON = _listed(
    "i i'm im i've i'd i'll me my mine myself we we're we've our ours us "
    "ich mir mich mein meine meinen meinem meiner meins wir uns unser unsere unseren "
    "je j'ai j'aime j'habite j'étais moi mon ma mes nous notre nos on "
    "yo mi mis me mí nosotros nuestro nuestra io mio mia mie miei noi nostro nostra "
    "eu meu minha meus minhas nós nosso ik mijn mij wij ons onze jag min mitt jeg mitt"
)
_WISH = _listed(
    "remember forget always never prefer prefers call henceforth anymore instead "
    "merk merke merken vergiss immer niemals nie lieber bitte künftig retiens souviens oublie toujours jamais préfère "
    "recuerda olvida siempre nunca ricorda dimentica sempre mai lembre esqueça onthoud vergeet altijd nooit"
)
_KNOWN = _listed(
    "the is are what how why who which can could does do an of to for with write explain translate fix "
    "der die das ist sind was wie warum wer welche kann ein eine und schreibe erkläre "
    "le les est sont comment pourquoi qui quel quelle une et écris explique"
)
"""Words of the languages in which who speaks of themselves needs a pronoun, as "vivo a Roma" does not."""
_WITH_PRONOUNS = frozenset({"english", "german", "french"})
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")


def worth(text: str) -> bool:
    """Whether a message may say something about the person or how they want things.

    A message in English, German or French that speaks of nobody and wishes nothing for later ("What is the capital of
    France?") does not; one in any other language always may.
    """
    said = own(text)
    found = words(said)
    if not _LETTER.search(said):
        return False
    latin = len(_LATIN.findall(said)) * 2 > len(_LETTER.findall(said))
    if not latin:
        return len(said.strip()) >= 4
    if len(found) < 3:
        return False
    if language(said, otherwise="english") not in _WITH_PRONOUNS:
        return True
    stems = {word.split("'")[0] for word in found} | set(found)
    if stems & (_PERSON | _WISH):
        return True
    return not stems & _KNOWN
