"""What a joint package asks once, what may wait for what, and how long it takes."""

import pytest

from onedoor.catalogue.rules.packages import Asked, Place, checked, key_of, longest, merged
from onedoor.kernel.errors import NotValid


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("营业执照", " 营业执照 "),
        ("《合同》", "合同"),
        ("执照(副本)", "执照（副本）"),
        ("ＩＤ", "id"),
    ],
)
def test_names_that_differ_in_signs_alone_are_one_material(one, other):
    assert key_of(one) == key_of(other)


def test_another_word_is_another_material():
    assert len(merged([Asked(1, "身份证", 1, 0, True), Asked(2, "户口簿", 1, 0, True)])) == 2


def test_a_shared_material_is_asked_once_with_the_largest_counts_for_all_who_need_it():
    asked = [
        Asked(1, "身份证", 1, 0, False, "在有效期内"),
        Asked(1, "申请书", 1, 0, True),
        Asked(3, "身份证", 0, 3, True, "在有效期内"),
        Asked(4, "身份证", 2, 1, False, "两面都要"),
    ]

    first, second = merged(asked)

    assert (first.name, first.originals, first.copies) == ("身份证", 2, 3)
    assert (first.is_required, first.members) == (True, (1, 3, 4))
    assert first.standards == ("在有效期内", "两面都要")
    assert (second.order, second.members) == (2, (1,))


@pytest.mark.parametrize(
    "places",
    [
        [Place(1)],
        [Place(1), Place(2, after=2)],
        [Place(1, after=2), Place(2)],
        [Place(1), Place(2, after=9)],
        [Place(n) for n in range(1, 40)],
    ],
    ids=["alone", "itself", "a later one", "nobody", "too many"],
)
def test_members_that_could_never_all_begin_are_refused(places):
    with pytest.raises(NotValid):
        checked(places)


def test_the_longest_road_is_the_sum_along_it_and_not_of_all():
    places = [Place(1), Place(2, after=1), Place(3, after=2), Place(4)]

    assert longest(places, {1: 1, 2: 5, 3: 3, 4: 8}) == 9
    assert longest([], {}) == 0
