"""Letters of a campaign are found although each has words of its own; what only shares a subject is not."""

from policy_rules.likeness import alike

LETTER = "Delete the safety exception, because everything is a safety exception and nobody is ever held to the rule."


def test_letters_of_a_campaign_are_one_set_whatever_greets_or_follows():
    texts = {
        1: LETTER,
        2: f"Dear Chief, my name is Ada. {LETTER} Thank you for reading!",
        3: "Keep the exception. An officer has a second to decide, and a family that waits at home.",
        4: LETTER.upper().replace(",", " –"),
        5: "Delete the exception.",
    }
    assert alike(texts.items()) == [[1, 2, 4]]


def test_the_largest_set_comes_first_and_nothing_is_alike_where_nobody_repeats():
    other = "A log of waiting is not an aid to communication, and a telephone is not an interpreter."
    texts = [(1, LETTER), (2, other), (3, f"{other} Yours"), (4, LETTER), (5, f"Hello. {LETTER}")]
    assert alike(texts) == [[1, 4, 5], [2, 3]]
    assert alike(texts[:2]) == alike([]) == []
