from workbench.tasks.support.words import UNKNOWN, Words, split_words


def test_words_are_lower_case_and_marks_are_words() -> None:
    assert split_words("Isn't it GOOD, really?") == ("isn't", "it", "good", ",", "really", "?")


def test_sentences_are_encoded_one_after_another() -> None:
    words = Words.of([("b", "a"), ("a",)], most=10)
    assert words.names == (UNKNOWN, "a", "b")
    assert words.encode([("a", "z"), ("b",)]).tolist() == [1, 0, 2]


def test_beyond_the_vocabulary_the_rarest_are_unknown() -> None:
    assert Words.of([("a", "a", "b", "c", "c")], most=3).known == ("a", "c")
