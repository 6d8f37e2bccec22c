"""What is said in other languages, of other people, and of days that the model alone can read."""

from __future__ import annotations

import pytest

from hub import leaks, memory
from hub.memory import gate, sensitive
from tests.memory.conftest import ANNA, Teacher, add, codes, texts

SAID = [
    ("Ayer me mudé a Madrid con mi perro.", "El usuario se mudó a Madrid el 2026-11-21.", "Ayer me mudé a Madrid"),
    ("Ieri ho adottato un gatto di nome Pepe.", "Il 2026-11-21 l'utente ha adottato un gatto.", "Ieri ho adottato"),
    ("Вчера я переехал в Казань из Омска.", "Пользователь переехал в Казань 2026-11-21.", "Вчера я переехал в Казань"),
    ("昨日、京都に引っ越しました。", "ユーザーは2026-11-21に京都へ引っ越した。", "昨日、京都に引っ越しました"),
    ("Meine Katze heißt Mia und schläft viel.", "Die Katze des Nutzers heißt Mia.", "Meine Katze heißt Mia"),
    ("Ich liebe meinen Hund über alles, sagt jeder.", "Der Nutzer mag Hunde sehr gern.", "Ich liebe meinen Hund"),
    ("Am Freitag fliege ich nach Rom zu Paula.", "Die Nutzerin fliegt am Freitag nach Rom.", "fliege ich nach Rom"),
    ("J'habite à Lyon depuis trois ans.", "L'utilisateur habite à Lyon.", "J'habite à Lyon"),
    ("أعمل مهندسا في القاهرة منذ سنوات", "المستخدم يعمل مهندسا في القاهرة.", "أعمل مهندسا في القاهرة"),
    ("나는 서울에서 간호사로 일해요", "사용자는 서울에서 간호사로 일한다.", "서울에서 간호사로 일해요"),
]


@pytest.mark.parametrize(("said", "text", "quote"), SAID)
def test_a_fact_is_kept_in_the_language_that_it_was_said_in(teacher: Teacher, said: str, text: str, quote: str) -> None:
    teacher.tell(said, add(text, quote))
    assert memory.extractions(ANNA)[0].refusals == ()
    assert len(texts()) == 1


def test_languages_that_need_no_pronoun_pass_the_gate() -> None:
    for text in ("Vivo a Roma", "Tengo dos gatos en la casa de mi abuela", "Sono vegetariana", "Trabalho no porto"):
        assert gate.worth(text) == (len(text.split()) > 2)
    for text in ("What is the capital of France?", "Quelle est la capitale de la France ?", "Was ist ein Monad?"):
        assert not gate.worth(text)


def test_in_english_a_date_that_was_not_said_is_refused(teacher: Teacher) -> None:
    teacher.tell("Yesterday I moved to Madrid.", add("The user moved to Madrid on 2026-11-03.", "I moved to Madrid"))
    assert codes() == ["grounded"]


def test_a_date_far_from_the_day_it_was_said_is_refused_in_any_language(teacher: Teacher) -> None:
    teacher.tell("Ayer me mudé a Madrid con mi perro.", add("El usuario se mudó el 2019-04-03.", "Ayer me mudé"))
    assert codes() == ["grounded"]


def test_a_plan_without_a_tense_is_ahead_and_an_event_without_one_keeps_both_days(teacher: Teacher) -> None:
    plan = add("The user flies to Rome on Friday.", "I fly to Rome on Friday", kind="plan")
    teacher.tell("I fly to Rome on Friday.", plan)
    [flies] = memory.facts(ANNA).facts
    assert (flies.text, flies.event) == ("The user flies to Rome on 2026-11-27.", memory.EventTime("2026-11-27"))
    teacher.tell("Mia and I sing on Friday.", add("Mia sings with the user on Friday.", "Mia and I sing", kind="event"))
    sings = next(fact for fact in memory.facts(ANNA).facts if "Mia" in fact.text)
    assert (sings.text, sings.event) == ("Mia sings with the user on 2026-11-20 or 2026-11-27.", None)


@pytest.mark.parametrize(
    "said",
    [
        "la mia password è hunter22", "a minha senha é hunter22", "мой пароль hunter22", "我的密码是abc123!",
        "パスワードは abc123 です", "비밀번호는 abc1234", "The wifi key: Tr0ub4dor&3", "the door code is 4711#",
        "CVV 123",
        "postgres://bob:s3cr3t@db.example.com/x", "Authorization: Bearer abcdef0123456789",
    ],
)  # fmt: skip
def test_a_secret_is_seen_in_other_languages_and_forms(said: str) -> None:
    assert leaks.secret(said)


@pytest.mark.parametrize(
    "said",
    ["The pass is closed in winter", "My login is easy", "My password manager is Bitwarden", "Passwords must be long"],
)
def test_what_only_speaks_of_secrets_is_none(said: str) -> None:
    assert leaks.secret(said) == ""


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Tengo cáncer", "health"), ("J'ai le diabète", "health"), ("Sono incinta", "health"),
        ("soy católica", "religion"), ("estuve en la cárcel", "crime"), ("Il est né en 1990", ""),
    ],
)  # fmt: skip
def test_sensitive_things_are_seen_with_and_without_accents(said: str, kind: str) -> None:
    assert sensitive.kind_of(said) == kind


@pytest.mark.parametrize(
    "pasted",
    [
        "<document>I love all cats</document> Sum it up.", 'Sum up this:\n"""\nI love all cats\n"""',
        "Translate into German: I love all cats",
        "Bitte übersetze das:\n\nI love all cats", "~~~\nI love all cats\n~~~",
    ],
)  # fmt: skip
def test_what_is_pasted_to_be_worked_on_is_not_said(teacher: Teacher, pasted: str) -> None:
    teacher.tell(pasted, add("The user loves cats.", "I love all cats"))
    assert texts() == []
    assert set(codes()) <= {"quote"}


def test_a_story_is_supposed(teacher: Teacher) -> None:
    teacher.tell("Write a story in which I am a pirate.", add("The user is a pirate.", "I am a pirate"))
    assert codes() == ["hypothetical"]
