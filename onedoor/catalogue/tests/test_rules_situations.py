"""The questions that cut a list of papers: every way through ends, and a broken graph is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onedoor.catalogue.rules.situations import (
    MOST_PATHS,
    MOST_QUESTIONS,
    Situation,
    begin,
    faults,
    option,
    paths,
    step,
    walked,
)
from onedoor.kernel.errors import NotValid

PAPERS = ("租赁合同", "房产证", "授权委托书")
THREE = "甲｜｜%s\n乙｜｜%s\n丙｜｜%s"
SHOP = (
    Situation(question="场所是您自己的吗？", answers="是｜租赁合同｜2\n租的｜房产证｜2"),
    Situation(question="您本人来吗？", answers="本人来｜授权委托书\n别人替我来"),
)


def _codes(situations, papers=PAPERS) -> list[str]:
    return [fault.code.removeprefix("catalogue.situation_") for fault in faults(situations, papers)]


def test_the_answers_cut_the_list():
    walk = walked(SHOP, (2, 1))

    assert walk is not None
    assert walk.is_over
    assert walk.free == {"房产证", "授权委托书"}
    assert [(asked, one.text) for asked, one in walk.passed] == [(1, "租的"), (2, "本人来")]
    assert _codes(SHOP) == []


@pytest.mark.parametrize("chosen", [(3,), (0,), (1, 1, 1), (1, 9)])
def test_answers_that_are_none_lead_nowhere(chosen):
    assert walked(SHOP, chosen) is None


def test_an_item_that_asks_nothing_is_over_at_once():
    assert begin(()).is_over
    assert list(paths(())) == []
    assert _codes(()) == []


@pytest.mark.parametrize(
    "line", ["", "｜租赁合同", "是｜｜第二", "是｜a｜2｜b", "是｜｜2问题", "长" * 61]
)
def test_a_line_that_cannot_be_read_is_refused(line):
    with pytest.raises(NotValid) as refused:
        option(line)

    assert refused.value.code == "catalogue.situation_line"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (["是｜｜2\n否", "是｜｜1\n否"], "loop"),
        (["是｜｜1\n否"], "loop"),
        (["是｜｜3\n否｜｜2", "是\n否"], "dead_end"),
        (["是\n否", "是\n否"], "unreached"),
        (["是"], "answers"),
        ([""], "answers"),
        (["\n".join(f"第{n}种" for n in range(9))], "answers"),
        (["是｜户口簿\n否"], "material"),
        (["是｜｜x\n否"], "line"),
        ([f"是｜｜{n + 2}\n否" for n in range(5)] + ["是\n否"], "too_long"),
        ([*(THREE % (n, n, n) for n in (2, 3, 4)), "甲\n乙\n丙"], "too_many"),
    ],
)  # fmt: skip
def test_a_broken_graph_is_named(answers, code):
    broken = [Situation(question=f"第{n}问", answers=text) for n, text in enumerate(answers, 1)]

    assert code in _codes(broken)


@st.composite
def graphs(draw):
    """Draw questions that lead anywhere: forwards, back, to themselves, beyond the last."""
    count = draw(st.integers(1, 6))
    made = []
    for place in range(1, count + 1):
        lines = draw(
            st.lists(
                st.tuples(st.sampled_from(["", *PAPERS]), st.integers(0, count + 1)),
                min_size=1,
                max_size=4,
            )
        )
        answers = "\n".join(f"答{n}｜{free}｜{to or ''}" for n, (free, to) in enumerate(lines))
        made.append(Situation(question=f"第{place}问", answers=answers))
    return tuple(made)


@st.composite
def sound_graphs(draw):
    """Draw questions that only lead forwards, each reached from the one before."""
    count = draw(st.integers(1, MOST_QUESTIONS))
    made = []
    for place in range(1, count + 1):
        further = list(range(place + 1, count + 1))
        to = [place + 1 if further else 0, draw(st.sampled_from([0, *further]))]
        free = draw(st.lists(st.sampled_from(PAPERS), max_size=2))
        lines = [f"答{n}｜{'；'.join(free)}｜{each or ''}" for n, each in enumerate(to)]
        made.append(Situation(question=f"第{place}问", answers="\n".join(lines)))
    return tuple(made)


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_whatever_passes_the_gate_ends_on_every_way(situations):
    if any(faults(situations, PAPERS)):
        return
    walks = list(paths(situations))

    assert 2 <= len(walks) <= MOST_PATHS
    for walk in walks:
        assert walk.is_over
        assert len(walk.passed) <= MOST_QUESTIONS
        assert walk.free <= set(PAPERS)
        assert walked(situations, walk.chosen) == walk
        assert step(situations, walk, 1) is None


@settings(max_examples=100, deadline=None)
@given(sound_graphs())
def test_what_only_leads_forwards_passes_and_every_question_is_on_some_way(situations):
    assert _codes(situations) == []
    asked = {place for walk in paths(situations) for place, _ in walk.passed}
    assert asked == set(range(1, len(situations) + 1))


def test_a_hostile_graph_is_judged_without_walking_its_ways():
    """Eight answers at each question, each to another one further on: some 8 to the 60th ways."""
    last = "是\n否"
    asked = [
        "\n".join(f"答{n}｜｜{min(place + n, 60)}" for n in range(1, 9)) for place in range(1, 60)
    ]
    steps: list[int] = []

    class Counted(Situation):
        @property
        def options(self):
            steps.append(1)
            return super().options

    graph = [Counted(question="？", answers=text) for text in [*asked, last]]

    assert _codes(graph, PAPERS) == ["too_long"]
    assert len(steps) < 10 * len(graph)


def test_as_many_questions_as_there_may_be_ways_are_too_many_at_once():
    graph = [Situation(question="？", answers=f"是｜｜{n + 2}\n否") for n in range(98)]

    assert _codes([*graph, Situation(question="？", answers="是\n否")], PAPERS) == ["too_many"]
