"""Files become prompt sets: nothing is dropped in silence, and what is malformed names its line."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import BadInput
from hub.evals.reading import Imported, read_set, run_file
from hub.evals.records import AS_WRITTEN, Asked, Limits, Row, Template
from hub.models.types import Params

DATA = Path(__file__).parent / "data"
SCHEMA = Path(run_file.__file__).parent / "run_file.schema.json"


def read(name: str, text: str | bytes, **beside: bytes) -> Imported:
    data = text.encode() if isinstance(text, str) else text
    return read_set(name, data, (lambda path: beside[path.replace(".", "_")]) if beside else None)


def test_a_table_is_read_by_the_names_of_its_columns() -> None:
    made = read(
        "cities.csv",
        "id,Prompt,turn2,Expected,system,tags,file,country\n"
        '7,"Capital,\nplease?",And its river?,Lima,Be brief,"a; b",m.pdf,Peru\n',
    )
    assert made.draft.name == "cities"
    assert made.draft.rows == (
        Row("7", ("Capital,\nplease?", "And its river?"), {"country": "Peru"}, "Be brief", "Lima", (), ("a", "b")),
    )
    assert made.attachments == ((0, "m.pdf"),)
    assert made.draft.checks == ({"kind": "equals"},)
    assert "must equal" in made.notes[0]
    assert made.warnings == ()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_of_spreadsheets(separator: str) -> None:
    made = read("x.csv", f"question{separator}answer\r\nWhy?{separator}Because\r\n")
    assert [(one.turns, one.expected) for one in made.draft.rows] == [(("Why?",), "Because")]
    assert (
        read("x.csv", f"sep={separator}\nquestion{separator}answer\nWhy?{separator}B\n").draft.rows[0].expected == "B"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    made = read("x.csv", "prompt\ncafé für 東京\n".encode(encoding))
    assert made.draft.rows[0].turns == ("café für 東京",)
    assert made.notes == ()


def test_latin_1_is_read_and_named() -> None:
    made = read("x.csv", "prompt\nfirst\ncafé\n".encode("latin-1"))
    assert made.draft.rows[1].turns == ("café",)
    assert "not UTF-8 (line 3)" in made.notes[0]


def test_cells_that_have_no_column_are_named() -> None:
    made = read("x.csv", "prompt,prompt,__metric\na,b,c\n\nd,e,f,g\n")
    assert [one.turns for one in made.draft.rows] == [("b",), ("e",)]
    assert made.warnings == (
        "x.csv, line 1: the column __metric was not taken.",
        "x.csv, line 1: the column prompt stands more than once; the last one counts.",
        "x.csv, line 4: there are 4 cells for 3 columns; the last ones were left out.",
    )


@pytest.mark.parametrize(
    ("written", "check"),
    [
        ("contains: Paris", {"kind": "contains", "value": ["Paris"]}),
        ("not-icontains:Paris", {"kind": "contains", "value": ["Paris"], "ignore_case": True, "not": True}),
        ("contains-any: a, b", {"kind": "contains", "value": ["a", "b"], "match": "any"}),
        ("icontains-all:a,b", {"kind": "contains", "value": ["a", "b"], "match": "all", "ignore_case": True}),
        ("regex: \\d+: x", {"kind": "regex", "value": "\\d+: x"}),
        ("starts-with: a.b", {"kind": "regex", "value": "\\Aa\\.b"}),
        ("is-json", {"kind": "json_schema", "alone": True}),
        ("contains-json", {"kind": "json_schema"}),
        ("similar(0.8): hello", {"kind": "similarity", "value": "hello", "threshold": 0.8}),
        ("grade: is polite", {"kind": "rubric", "value": "is polite"}),
        ("cost(0.001)", {"kind": "cost", "max_cost": 0.001}),
        ("latency: 500", {"kind": "latency", "max_ms": 500.0}),
        ("is-refusal", {"kind": "refusal"}),
        ("equals: x", {"kind": "equals", "value": "x"}),
        ("note: this is plain text", {"kind": "equals"}),
    ],
)
def test_the_words_of_expected(written: str, check: dict[str, object]) -> None:
    row = read("x.csv", f'q,__expected\nWhy?,"{written}"\n').draft
    assert row.checks == (check,)
    assert row.rows[0].expected == (written if check == {"kind": "equals"} else None)
    assert row.rows[0].vars == {"q": "Why?"}


def test_checks_of_single_rows_stay_with_them_and_code_is_named() -> None:
    head = "prompt,__expected,__expected2\n"
    made = read("x.csv", f"{head}a,contains: b,is-json\nc,d,\ne,fn: 1,\nf,levenshtein(3): x,\ng,regex: (,\n")
    assert [len(one.checks) for one in made.draft.rows] == [2, 1, 0, 0, 0]
    assert made.draft.checks == ()
    assert made.warnings == (
        "x.csv, line 4: __expected was not taken: javascript: code of others is not run.",
        "x.csv, line 5: __expected was not taken: there is no check here like levenshtein.",
        "x.csv, line 6: __expected was not taken: regex: This is no regular expression: missing ) at position 1.",
    )


def test_mt_bench_has_two_turns() -> None:
    made = read_set("mt_bench.jsonl", (DATA / "mt_bench.jsonl").read_bytes())
    assert [(one.id, len(one.turns), one.tags) for one in made.draft.rows] == [
        ("81", 2, ("writing",)),
        ("95", 2, ("roleplay",)),
        ("101", 2, ("reasoning",)),
    ]
    assert "You are in second place" in made.draft.rows[2].vars["reference"]
    assert made.warnings == ()


def test_gsm8k_expects_the_number_behind_the_mark() -> None:
    made = read_set("gsm8k.jsonl", (DATA / "gsm8k.jsonl").read_bytes())
    assert [one.expected for one in made.draft.rows] == ["18", "3", "70000"]
    assert made.draft.checks == ({"kind": "number"},)
    assert made.draft.rows[1].vars["solution"].endswith("#### 3")
    assert "number behind ####" in made.notes[0]


def test_json_rows_in_all_their_shapes() -> None:
    rows = [
        {"input": [{"role": "system", "content": "Be kind"}, {"role": "user", "content": "Hi"}], "ideal": ["a", "b"]},
        {"messages": [{"role": "user", "content": "1"}, {"role": "assistant", "content": "x"}], "k": {"deep": [1]}},
        {"prompt": "p", "expected": 3, "vars": {"n": 1.5}, "tags": ["t"], "none": None},
        {"instruction": "Translate", "input": "Hallo", "output": "Hello"},
        "plain",
    ]
    lines = "\n".join(orjson.dumps(one).decode() for one in rows)
    for made in (read("x.jsonl", lines), read("x.json", orjson.dumps(rows))):
        assert made.draft.rows == (
            Row("", ("Hi",), {}, "Be kind", "a", checks=({"kind": "contains", "value": ["a", "b"], "match": "any"},)),
            Row("", ("1",), {"k": '{"deep": [1]}'}),
            Row("", ("p",), {"n": "1.5"}, expected="3", tags=("t",)),
            Row("", ("Hallo",), {"instruction": "Translate"}, expected="Hello"),
            Row("", ("plain",)),
        )
        assert len(made.warnings) == 1
        assert "message of role assistant" in made.warnings[0]


RUN = """
name: Arithmetic
models:
  - demo
  - {model: gpt, label: Hot, params: {temperature: 1.0, stop: [END]}}
templates:
  - "{{prompt}}"
  - {name: Short, text: "{{prompt}} Briefly.", system: Be exact.}
rows:
  - prompt: 1+1?
    expected: 2
    tags: [easy]
  - {turns: [a, b], vars: {n: 007, yes: yes}, file: a.pdf, checks: [{kind: contains, value: x}]}
  - Just text
checks: [{kind: number, absolute: 0.5}]
judge: gpt
repeats: 3
cap: 0.5
order: models
limits: {total: 4, per_model: 2}
cache: false
"""


def test_a_run_file_says_what_to_run() -> None:
    made = read("run.yaml", RUN)
    assert made.draft.rows == (
        Row("", ("1+1?",), expected="2", tags=("easy",)),
        Row("", ("a", "b"), {"n": "007", "yes": "yes"}, checks=({"kind": "contains", "value": "x"},)),
        Row("", ("Just text",)),
    )
    assert made.draft.templates == (
        Template("Template 1"),
        Template("Short", ("{{prompt}} Briefly.",), "Be exact."),
    )
    assert made.draft.checks == ({"kind": "number", "absolute": 0.5},)
    assert made.attachments == ((1, "a.pdf"),)
    assert made.run is not None
    assert made.run.models == (Asked("demo"), Asked("gpt", Params(temperature=1.0, stop=("END",)), "Hot"))
    assert (made.run.judge, made.run.repeats, made.run.cap, made.run.order) == (Asked("gpt"), 3, 0.5, "models")
    assert (made.run.limits, made.run.cache) == (Limits(4, 2), False)


def test_rows_may_stand_in_a_file_beside() -> None:
    text = "models: [demo]\nrows: cities.csv\n"
    made = read("run.yaml", text, cities_csv=b"question,expected\nPeru?,Lima\n")
    assert made.draft.name == "run"
    assert [one.expected for one in made.draft.rows] == ["Lima"]
    assert made.draft.checks == ({"kind": "equals"},)
    with pytest.raises(BadInput, match=r"cities\.csv, which is not part of an upload"):
        read("run.yaml", text)


def test_a_set_file_needs_no_models_and_a_list_is_enough() -> None:
    made = read("x.yaml", "- prompt: a\n  vars: &shared {k: v}\n- prompt: b\n  vars: {<<: *shared, l: w}\n")
    assert made.run is None
    assert [one.vars for one in made.draft.rows] == [{"k": "v"}, {"k": "v", "l": "w"}]


def test_the_schema_is_that_of_the_code() -> None:
    assert orjson.loads(SCHEMA.read_bytes()) == run_file.schema(), "run `python -m tests.evals.test_reading`"


def test_the_examples_of_the_documentation_are_run_files() -> None:
    import jsonschema
    import yaml

    text = (Path(__file__).parents[2] / "docs" / "evaluate.md").read_text()
    for example in (block.split("```", 1)[0] for block in text.split("```yaml\n")[1:]):
        made = read("example.yaml", example)
        assert made.run is not None
        assert made.warnings == ()
        jsonschema.validate(yaml.safe_load(example), orjson.loads(SCHEMA.read_bytes()))
    jsonschema.validate(yaml.safe_load(RUN), orjson.loads(SCHEMA.read_bytes()))
    for wrong in ({"kind": "guess"}, {"kind": "equals", "wert": "x"}, {"kind": "latency"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"rows": ["a"], "checks": [wrong]}, orjson.loads(SCHEMA.read_bytes()))


PROMPTFOO = """
description: Translations
prompts:
  - 'Translate {{ text }} to {{language}}'
  - file://more.txt
  - label: chat
    raw: '[{"role":"system","content":"Be {{ tone }}"},{"role":"user","content":"{{text | upper}}"}]'
providers:
  - openai:chat:gpt-4o-mini
  - id: openrouter:openai/gpt-4o
    label: big
    config: {temperature: 0.2, apiKey: x}
  - exec:python x.py
defaultTest:
  vars: {tone: kind}
  assert:
    - type: latency
      threshold: 500
    - {type: javascript, value: output.length}
tests:
  - vars: {text: Hello, language: [German, French]}
    assert:
      - {type: icontains, value: hallo, weight: 2, metric: greets}
      - {type: llm-rubric, value: is polite, threshold: 0.7}
      - {type: assert-set, assert: [{type: not-is-json}, {type: word-count, value: {max: 9}}]}
  - file://tests.csv
  - description: odd
    threshold: 0.5
    vars: {text: 007}
    metadata: {level: hard}
    assert:
      - {type: equals, value: {a: 1}}
      - {type: is-json, value: {type: object}}
evaluateOptions: {maxConcurrency: 3, repeat: 2, delay: 5}
outputPath: x.json
"""


def test_promptfoo_is_read_with_its_files() -> None:
    made = read(
        "promptfooconfig.yaml",
        PROMPTFOO,
        more_txt=b"One {{text}}\n---\nTwo {{text}}\n",
        tests_csv=b"text,__expected\nBye,contains: b\n",
    )
    assert [one.turns for one in made.draft.templates] == [
        ("Translate {{text}} to {{language}}",),
        ("One {{text}}",),
        ("Two {{text}}",),
        ("{{text | upper}}",),
    ]
    assert [one.name for one in made.draft.templates] == ["Prompt 1", "more", "more (3)", "chat"]
    assert made.draft.templates[3].system == "Be {{tone}}"
    assert [dict(one.vars) for one in made.draft.rows] == [
        {"tone": "kind", "text": "Hello", "language": "German"},
        {"tone": "kind", "text": "Hello", "language": "French"},
        {"tone": "kind", "text": "Bye"},
        {"tone": "kind", "text": "007", "description": "odd"},
    ]
    assert made.draft.rows[3].tags == ("level: hard",)
    assert made.draft.checks == ({"kind": "latency", "max_ms": 500.0},)
    assert made.draft.rows[0].checks == (
        {"kind": "contains", "value": ["hallo"], "ignore_case": True, "name": "greets"},
        {"kind": "rubric", "value": "is polite", "threshold": 0.7},
        {"kind": "json_schema", "alone": True, "not": True},
        {"kind": "length", "unit": "words", "max": 9},
    )
    assert made.draft.rows[3].checks == (
        {"kind": "json_path", "path": "$", "equals": {"a": 1}},
        {"kind": "json_schema", "alone": True, "value": {"type": "object"}},
    )
    assert made.run is not None
    assert made.run.models == (Asked("gpt-4o-mini"), Asked("openai/gpt-4o", Params(temperature=0.2), "big"))
    assert (made.run.limits.total, made.run.repeats) == (3, 2)
    said = "\n".join(made.warnings)
    for line, words in (
        (35, "outputPath"),
        (34, "evaluateOptions.delay"),
        (19, "javascript"),
        (23, "weight"),
        (28, "threshold of a test"),
        (10, "apiKey"),
        (13, "exec:python x.py"),
        (6, "{{text | upper}}"),
    ):
        assert any(f"line {line}: " in one and words in one for one in made.warnings), (line, words, said)
    assert len(made.warnings) == 8


def test_promptfoo_tests_in_a_table_are_variables_but_for_marked_columns() -> None:
    table = (
        "question,answer,__expected,__expected2,__metadata:level,__metadata:of[],__config:__expected2:threshold\n"
        'How many?,3,contains: {{answer}},similar: three,hard,"a,b",0.9\n'
    )
    config = """
description: Counting things
prompts: [file://ask.yaml]
providers: {id: bedrock:converse:us.meta.llama-1:0, config: {maxTokens: 9}}
defaultTest:
  options: {provider: openai:chat:gpt-4o-mini, transform: x}
  assert:
  - $ref: '#/assertionTemplates/polite'
  - $ref: '#/assertionTemplates/gone'
tests: file://tests.csv
assertionTemplates:
  polite: {type: llm-rubric, value: is polite}
"""
    ask = b"- {role: system, content: Count.}\n- {role: user, content: 'Say: {{ question }}'}\n"
    made = read("promptfooconfig.yaml", config, tests_csv=table.encode(), ask_yaml=ask)
    assert made.draft.name == "Counting things"
    assert made.draft.templates == (Template("ask", ("Say: {{question}}",), "Count."),)
    assert made.draft.rows == (Row("", (), {"question": "How many?", "answer": "3"}, tags=("level: hard", "a", "b")),)
    assert made.draft.checks == (
        {"kind": "rubric", "value": "is polite"},
        {"kind": "contains", "value": ["{{answer}}"]},
        {"kind": "similarity", "value": "three", "threshold": 0.9},
    )
    assert made.run is not None
    assert made.run.models == (Asked("us.meta.llama-1:0", Params(max_tokens=9)),)
    assert made.run.judge == Asked("gpt-4o-mini")
    assert made.warnings == (
        "promptfooconfig.yaml, line 9: an assertion was not taken: "
        "it is no mapping, or what it refers to is not there.",
        "promptfooconfig.yaml, line 6: defaultTest.options.transform was not taken.",
    )


def test_promptfoo_tests_in_lines() -> None:
    lines = b'{"vars": {"a": "1"}, "assert": [{"type": "is-json"}]}\n\n{"vars": {"a": ["2", "3"]}}\n'
    made = read("c.yaml", "prompts: ['{{a}}']\ntests: [file://more.jsonl]\n", more_jsonl=lines)
    assert [dict(one.vars) for one in made.draft.rows] == [{"a": "1"}, {"a": "2"}, {"a": "3"}]
    assert [len(one.checks) for one in made.draft.rows] == [1, 0, 0]


def test_promptfoo_tests_that_name_themselves_end() -> None:
    config = "prompts: ['{{a}}']\ntests: file://round.yaml\n"
    made = read("c.yaml", config, round_yaml=b"- file://round.yaml\n- vars: {a: 1}\n")
    assert [dict(one.vars) for one in made.draft.rows] == [{"a": "1"}]
    assert made.warnings == ("round.yaml, line 1: the tests in round.yaml were not taken; import that file by itself.",)
    with pytest.raises(BadInput, match="not part of an upload"):
        read("c.yaml", "rows: c.yaml", c_yaml=b"rows: c.yaml")


def test_lists_of_common_variables_are_cases_too() -> None:
    config = "prompts: ['{{a}} {{b}}']\ndefaultTest: {vars: {a: [1, 2]}}\n"
    made = read("c.yaml", config)
    assert [dict(one.vars) for one in made.draft.rows] == [{"a": "1"}, {"a": "2"}]
    made = read("c.yaml", config + "tests: t.csv\n", t_csv=b"b\nx\n")
    assert [dict(one.vars) for one in made.draft.rows] == [{"a": "1", "b": "x"}, {"a": "2", "b": "x"}]


def test_own_rows_may_have_variables_alone() -> None:
    made = read("c.yaml", "- vars: {a: 1}\n  expected: 2\n")
    assert made.draft.rows == (Row("", (), {"a": "1"}, expected="2"),)


def test_without_the_files_beside_promptfoo_names_them() -> None:
    said = "\n".join(read("c.yaml", PROMPTFOO).warnings)
    assert "the prompt in more.txt was not taken" in said
    assert "the tests in tests.csv were not taken" in said


def test_promptfoo_without_tests_asks_the_prompts_themselves() -> None:
    made = read("c.json", '{\n\t"prompts": ["Why?", "How?"],\n\t"providers": ["openai:gpt-4o"]\n}')
    assert [one.turns for one in made.draft.rows] == [("Why?",), ("How?",)]
    assert made.draft.templates == (AS_WRITTEN,)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.csv", 'prompt,b\n"a\nb",c\n"d,e\nf,g\n', "line 4: a quote is never closed"),
        ("x.csv", 'prompt\nok\n"a"b\n', "line 3:"),
        ("x.csv", "expected\nx\n", "line 1: no column has a prompt"),
        ("x.csv", "\n \n", "is empty"),
        ("x.csv", "prompt,b\n", "has no rows"),
        ("x.csv", "prompt\nab\0c\n", "not a text file"),
        ("x.jsonl", '{"prompt": "a"}\n\n{"prompt":\n', "line 3: Expecting value"),
        ("x.jsonl", "[1]\n", "line 1: this is no object"),
        ("x.jsonl", "[" * 100_000, "line 1"),
        ("x.json", '[{"prompt": "a"},\n{]', "line 2"),
        ("x.json", "[" * 100_000, "x.json"),
        ("x.yaml", "rows: [1", "line 2"),
        ("x.yaml", "rows:\n- prompt: a\n  expcted: b\n", r"line 3: rows\.1\.expcted: is not known"),
        ("x.yaml", "rows:\n- prompt: a\n  turns: [b]\n", "line 2 has a prompt and turns"),
        ("x.yaml", "name: x\nrows: [a]\nname: y\n", "line 3: name stands twice"),
        ("x.yaml", "name: x\n", "rows: field required"),
        ("x.yaml", "rows: [a]\nmodels:\n- model: b\n  params:\n    temperature: hot\n", "line 5: models.1.params.temp"),
        (
            "x.yaml",
            "rows:\n- prompt: a\n  checks:\n  - kind: equals\n  - {kind: regex, value: (}\n",
            "line 5: Check 2 .regex",
        ),
        ("x.yaml", "rows: [a]\nchecks:\n- {kind: guess}\n", "line 3: Check 1: “guess” is no kind"),
        ("x.yaml", "rows: &a [*a]", "line 1: this part contains itself"),
        ("x.yaml", "a: " + "[" * 5000, "nested too deeply"),
        ("x.yaml", "rows:\n- !!python/object/apply:os.system [ls]\n", "line 2: the tag"),
        ("x.yaml", "rows:\n- ? [a]\n  : b\n", "line 2: a key must be a word"),
        ("x.yaml", "", "is empty"),
        ("x.yaml", "just words", "neither rows nor a run"),
        ("x.xlsx", "abc", "none of the files"),
    ],
)
def test_what_is_malformed_names_its_line(name: str, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(name, text)


def test_aliases_that_grow_are_refused() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(BadInput, match="aliases written out"):
        read("bomb.yaml", "\n".join(lines))


def test_of_many_warnings_the_rest_is_counted() -> None:
    made = read("x.jsonl", "\n".join(f'{{"prompt": "{n}", "__x": 1}}' for n in range(150)))
    assert len(made.warnings) == 101
    assert made.warnings[-1] == "And 50 more of this kind."


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(["x.csv", "x.jsonl", "x.json", "x.yaml", "x"]),
    data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode),
)
def test_any_bytes_are_read_or_refused_in_a_sentence(name: str, data: bytes) -> None:
    try:
        made = read_set(name, data)
    except BadInput as error:
        assert error.message
    else:
        assert made.draft.rows


if __name__ == "__main__":
    SCHEMA.write_bytes(orjson.dumps(run_file.schema(), option=orjson.OPT_INDENT_2) + b"\n")


def test_a_run_file_with_checks_of_its_own_says_nothing_of_others() -> None:
    rows = b'{"question": "1 + 1?", "answer": "Two.\\n#### 2"}\n'
    file = "rows: rows.jsonl\n"
    notes = read_set("run.yaml", file.encode(), lambda _: rows).notes
    assert any("behind ####" in note for note in notes)
    made = read_set("run.yaml", f"{file}checks: [{{kind: number, after: '####'}}]\n".encode(), lambda _: rows)
    assert (made.draft.checks, made.notes) == (({"kind": "number", "after": "####"},), ())
