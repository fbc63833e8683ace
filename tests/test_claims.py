"""A claim is one fixed line: held, did not hold, or can't be shown here, and why."""

from __future__ import annotations

import re

import pytest

from helpers.claims import all_claims, claim, tell


def test_every_claim_has_an_id_and_words_of_its_own():
    claims = all_claims()
    assert len(claims) >= 20
    assert all(re.fullmatch(r"[A-Z]\d+", name) for name in claims)
    assert all(words and words == words.strip() and "\n" not in words for words in claims.values())
    assert len(set(claims.values())) == len(claims)


def test_a_claim_that_held_is_its_words(capsys):
    claim("P1", True)
    assert capsys.readouterr().out == f"✓ P1  {all_claims()['P1']}\n"


def test_a_claim_that_did_not_hold_says_so(capsys):
    claim("P1", False)
    assert capsys.readouterr().out == f"✗ P1  {all_claims()['P1']}  did not hold here\n"


@pytest.mark.parametrize("held", [True, False])
def test_a_claim_that_cannot_be_shown_here_says_why_and_is_not_judged(capsys, held):
    claim("P3", held, unless="this machine has one core")
    line = f"– P3  {all_claims()['P3']}  can't be shown here: this machine has one core\n"
    assert capsys.readouterr().out == line


def test_numbers_follow_on_lines_that_tests_do_not_compare(capsys):
    claim("P1", True, "2 processes", "17 ms")
    assert capsys.readouterr().out.splitlines()[1:] == ["measured: 2 processes", "measured: 17 ms"]


def test_telling_marks_every_line_of_each_sentence(capsys):
    tell("one", "two\nthree\n")  # as the output of a program ends
    assert capsys.readouterr().out == "measured: one\nmeasured: two\nmeasured: three\n"
    tell()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["P99", "p1", "", 5, None])
def test_a_claim_that_nobody_made_is_refused(name):
    with pytest.raises((TypeError, ValueError), match=r"name must be one of P1, P2, .*claims\.t"):
        claim(name, True)


@pytest.mark.parametrize("held", [None, 1, "yes", [True]])
def test_what_is_neither_true_nor_false_is_refused(held):
    with pytest.raises(TypeError, match=r"held must be True or False, got .*\. Compare something"):
        claim("P1", held)


@pytest.mark.parametrize("unless", [None, 5, True])
def test_a_reason_that_is_no_text_is_refused(unless):
    with pytest.raises(TypeError, match=r"unless must be a reason, got .*\. Pass a str"):
        claim("P1", True, unless=unless)
