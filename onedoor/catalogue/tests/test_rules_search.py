"""Words, titles, questions and their ranking, without a database."""

from itertools import count

import pytest
from hypothesis import given as suppose
from hypothesis import settings
from hypothesis import strategies as any_

from onedoor.catalogue.rules.search import asking, ranking, text
from onedoor.catalogue.rules.search.titles import teach, title, tokens
from onedoor.catalogue.rules.search.words import read_words
from onedoor.kernel.errors import NotValid

WORDS = read_words(
    [
        'idle = "怎么办 怎么办理 办理 要办什么"\nsynonyms = """\n丢了 弄丢 = 补领 补办\n'
        '开饭店 = 食品经营许可\n转到外地 = 转移接续\n"""\ntraditional = "證证 辦办"',
        'synonyms = "丢了 = 换领"',
    ]
)

NUMBERS = count()


def candidate(name, *aliases, unit="县公安局 公安局", beside=""):
    titles = tuple(title(each) for each in (name, *aliases))
    return ranking.Candidate(next(NUMBERS), "", titles, beside, unit)


def best(question, *candidates):
    found = ranking.ranked(asking.understand(question, WORDS), candidates)
    return [f.candidate.titles[0].text for f in found]


@pytest.mark.parametrize(
    "typed",
    ["", "   ", '*"NEAR(-^:', "\0\0", "😀🏠", "、。！", "许" * 10_000, "a" * 10_000, "ﷺ" * 60],
)
def test_whatever_is_typed_is_read_as_few_plain_characters(typed):
    read = text.asked(typed)

    assert len(read) <= text.LONGEST
    assert set(read) <= set("许 abcdefghijklmnopqrstuvwxyz")


@settings(max_examples=200, deadline=None)
@suppose(any_.text(max_size=80))
def test_no_token_of_a_query_holds_what_a_database_could_read_as_syntax(typed):
    question = asking.understand(typed, WORDS)
    queries = [asking.whole(question), asking.as_typed(question), asking.by_meaning(question)]
    queries += [asking.anywhere(question, lambda words: ()), asking.misspelled(question)]
    queries += asking.all_but_one(question, lambda words: ())

    for query in queries:
        for terms in (terms for ways in query for terms in ways):
            for token in terms:
                assert not set(token.token) & set("\"'*\\ \0():&|!"), token


def test_full_width_and_traditional_letters_are_what_they_stand_for():
    assert asking.understand("ＫＴＶ許可證", WORDS).text == "ktv許可证"


def test_a_county_adds_its_words_to_the_national_ones():
    assert WORDS.means["丢了"] == ("补领", "补办", "换领")


@pytest.mark.parametrize("pack", ['synonyms = "丢了"', 'synonyms = "= 补领"', "x ="])
def test_a_line_that_says_nothing_is_refused(pack):
    with pytest.raises(NotValid, match="读不懂"):
        read_words([pack])


def test_a_question_is_cut_into_ideas_and_what_only_asks_is_left_out():
    question = asking.understand("身份证丢了怎么办理", WORDS)

    assert [idea.words for idea in question.ideas] == ["身份证", "丢了"]
    assert question.synonyms == ("补领", "补办", "换领")


def test_a_question_of_nothing_but_idle_words_still_asks_for_them():
    assert [idea.words for idea in asking.understand("办理", WORDS).ideas] == ["办理"]


def test_the_cost_of_a_question_is_bounded():
    question = asking.understand(" ".join("转到外地 ab" for _ in range(40)), WORDS)

    assert len(question.ideas) <= asking.MOST_IDEAS
    assert all(len(idea.ways) <= asking.MOST_WAYS for idea in question.ideas)


def test_a_name_is_read_as_people_say_it_not_character_by_character():
    teach({"单县": "shan xian"})

    assert title("重庆银行（KTV）").initials == "cqyhktv"
    assert title("行政许可").sound == "xingzhengxuke"
    assert title("单县").sounds == ("shan", "xian")


def test_tokens_say_by_their_first_letter_what_they_are():
    found = tokens([title("取水许可")], ["户籍"], code="A-1", unit="u1")

    assert {"取水", "水许", "=取水许可", "=qsxk", "=a1", "~qushuixuke", "~shuixu"} <= set(found)
    assert {"^qsxk", "^qsx", "^qs", "^sxk", "#户籍", "@u1"} <= set(found)
    assert all(" " not in token for token in found)


def test_the_name_itself_comes_first_then_what_holds_it_then_what_means_it():
    exact, longer = candidate("食品经营许可"), candidate("食品经营许可注销")
    meant = candidate("餐饮服务", "开饭店")

    assert best("食品经营许可", longer, meant, exact)[:2] == ["食品经营许可", "食品经营许可注销"]
    assert best("开饭店", exact, longer, meant)[0] == "餐饮服务"
    assert best("spjyxk", longer, meant, exact)[0] == "食品经营许可"


def test_what_was_asked_in_other_words_is_found_before_what_shares_one_of_them():
    right, wrong = candidate("居民身份证补领"), candidate("居民身份证首次申领")

    assert best("身份证丢了怎么办", wrong, right)[0] == "居民身份证补领"


def test_one_slip_still_comes_near():
    names = [candidate("结婚登记"), candidate("食品经营许可"), candidate("残疾人证")]

    for typed in ("食品经营需可", "食品营经许可", "食品经许可", "shipinjingyingxuka"):
        assert best(typed, *names)[0] == "食品经营许可"


def test_names_alike_stand_by_their_units():
    names = [candidate("复印", unit=unit) for unit in ("乙局", "甲局")]

    found = ranking.ranked(asking.understand("复印", WORDS), names)

    assert [f.candidate.unit for f in found] == sorted(n.unit for n in names)


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("经营许可", ["经营许可"]),
        ("jyxk", ["经营许可"]),
        ("jingying", ["经营"]),
        ("食品（新办）", ["新办"]),
        ("开饭店", ["食品经营许可"]),
        ("食品经莹", ["食品经"]),
    ],
)
def test_what_answered_is_marked_in_the_name_as_it_is_written(typed, marked):
    name = "食品经营许可（新办）"

    pieces = ranking.marked(name, asking.understand(typed, WORDS), title(name).sounds)

    assert "".join(p.text for p in pieces) == name
    assert set(marked) <= {p.text for p in pieces if p.is_marked}
