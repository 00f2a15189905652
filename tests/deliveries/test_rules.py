"""The pure rules: places that point at nobody, cells that nothing computes."""

import csv
import io
import unicodedata
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from groundswell.basics.cells import harmless
from groundswell.basics.names import on_a_roll
from groundswell.deliveries.rules import LEAST_SMALLEST, place_labels, shown_name, shown_place

places = st.tuples(st.sampled_from(["", "GB", "US"]), st.sampled_from(["", "North", "South"]), st.sampled_from(["", "1", "2", "3"]))
counts = st.dictionaries(places, st.integers(0, 30), max_size=30)


@given(counts, st.integers(0, 25))
def test_no_named_place_stands_for_fewer_than_the_threshold(found: dict[tuple[str, str, str], int], smallest: int) -> None:
    labels = place_labels(found, smallest)
    sums: Counter[str] = Counter()
    for parts, label in labels.items():
        sums[label] += found[parts]
        # A label never says more than is known, nor anything else.
        assert set(label.split()) <= {part for part in parts if part}
    assert all(total >= max(smallest, LEAST_SMALLEST) for label, total in sums.items() if label and total)
    assert set(labels) == set(found)


@given(counts, st.randoms(use_true_random=False))
def test_the_order_of_the_places_does_not_matter(found: dict[tuple[str, str, str], int], dice: object) -> None:
    shuffled = list(found.items())
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert place_labels(dict(shuffled)) == place_labels(found)


def test_a_place_with_enough_keeps_its_name_and_the_rest_take_the_larger_one() -> None:
    labels = place_labels({("GB", "", "SW1"): 12, ("GB", "", "M1"): 4, ("GB", "", "LS"): 7, ("IE", "", "D02"): 9}, 10)
    assert labels == {("GB", "", "SW1"): "SW1 GB", ("GB", "", "M1"): "GB", ("GB", "", "LS"): "GB", ("IE", "", "D02"): ""}


def test_a_signer_is_shown_as_they_agreed() -> None:
    assert [shown_name("Ada L.", shows) for shows in ("name", "name+place", "place")] == ["Ada L.", "Ada L.", "A supporter"]
    assert shown_name(None, "name") == "A supporter"
    assert [shown_place("GB", shows) for shows in ("name", "name+place", "place")] == ["", "GB", "GB"]


@given(st.text(max_size=40))
def test_whatever_stands_in_a_cell_no_spreadsheet_computes_it(text: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerow(["x", harmless(text)])
    cell = next(csv.reader(io.StringIO(written.getvalue(), newline="")))[1]
    begins = cell.lstrip().lstrip("".join(c for c in cell if unicodedata.category(c) in ("Cf", "Cc", "Zs")))
    assert not begins.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")) or cell.startswith("'")
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_name_on_a_roll_is_one_short_line_without_an_address(given_name: str, family_name: str) -> None:
    shown = on_a_roll(given_name, family_name)
    if shown is not None:
        assert len(shown) <= 120 and shown.strip() == shown
        assert not any(
            unicodedata.category(c) == "Cc" or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for c in shown
        )
        assert "@" not in shown and len(shown.splitlines()) == 1


def test_names_of_many_shapes() -> None:
    assert on_a_roll("Ada", "Lovelace") == "Ada L." and on_a_roll("Ada", None) == "Ada" and on_a_roll(None, "X") is None
    assert on_a_roll("Zoë", "=HYPERLINK()") == "Zoë H." and on_a_roll("12345", "") is None and on_a_roll("NULL", "X") is None
    assert on_a_roll("Ada", "ada@example.org") == "Ada" and on_a_roll("ليلى", "حداد") == "ليلى ح."
    assert on_a_roll("Ada", "O\u0301xar") == "Ada Ó."
