"""Which exchanges are worth a model's time: cheap rules, that let pass whatever they are not sure of."""

from __future__ import annotations

import re

from hub.memory.words import own, words


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
    "the is are what how why who which can could does do a an of to in for with write explain translate fix "
    "der die das ist sind was wie warum wer welche kann ein eine und schreibe erkläre le la les est sont que comment "
    "pourquoi qui quel quelle un une et écris explique el los las es qué cómo por il lo che come perché o os as het een"
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")


def worth(text: str) -> bool:
    """Whether a message may say something about the person or how they want things.

    A message in a language known here that speaks of nobody and wishes nothing for later ("What is the capital of
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
    stems = {word.split("'")[0] for word in found} | set(found)
    if stems & (_PERSON | _WISH):
        return True
    return not stems & _KNOWN
