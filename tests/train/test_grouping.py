import numpy as np

from smart_image_scraper.train.grouping import group_by_marks


def test_photos_with_a_mark_in_common_are_in_one_group_however_they_are_linked() -> None:
    groups = group_by_marks([["owner a"], ["owner a", "copy 1"], ["copy 1"], ["owner b"], []])

    assert len(set(groups[:3])) == 1
    assert len(set(groups)) == 3


def test_photos_without_marks_are_groups_of_their_own() -> None:
    assert len(np.unique(group_by_marks([[], [], []]))) == 3
