"""What is published never gives a small cell away, alone or together with another grouping of the same records."""

from hypothesis import given
from hypothesis import strategies as st

from casework.reporting.measures import Cell, Figures
from casework.reporting.suppression import publish


def figures(*counts):
    return Figures(sum(counts), tuple(Cell((str(index),), count) for index, count in enumerate(counts)))


def shown(published):
    return [None if index in published.withheld else cell.count for index, cell in enumerate(published.cells)]


def test_cells_of_one_to_four_are_withheld_and_zero_is_shown():
    assert shown(publish(figures(0, 4, 3, 50, 60), 5)) == [0, None, None, 50, 60]


def test_one_small_cell_hides_the_total_and_the_next_smallest_cell():
    published = publish(figures(4, 30, 20), 5)
    assert (shown(published), published.total) == ([None, 30, None], None)
    assert "total is withheld" in published.note


def test_nothing_is_withheld_where_nothing_is_small():
    published = publish(figures(5, 30), 5)
    assert (shown(published), published.total, published.note) == ([5, 30], 35, "")


def test_a_small_total_is_withheld_where_nothing_is_grouped():
    published = publish(Figures(3, (Cell((), 3),)), 5)
    assert (shown(published), published.total) == ([None], None)


@given(st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), st.integers(0, 12), min_size=1))
def test_no_margin_of_a_table_gives_a_small_cell_away(table):
    cells = tuple(Cell(key, count) for key, count in sorted(table.items()))
    published = publish(Figures(sum(table.values()), cells), 5)
    for position in (0, 1):
        for value in {cell.key[position] for cell in cells}:
            line = [index for index, cell in enumerate(cells) if cell.key[position] == value]
            hidden = [index for index in line if index in published.withheld]
            if len(hidden) == 1:
                only = cells[hidden[0]].count
                assert all(cells[index].count == 0 for index in line if index != hidden[0])
                assert only in range(1, 13)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_the_sum_of_another_grouping_leaves_a_small_cell_unknown(counts):
    published = publish(figures(*counts), 5)
    small = [index for index, count in enumerate(counts) if 0 < count < 5]
    if small and sum(1 for count in counts if count) > 1:
        assert len(published.withheld) >= 2
