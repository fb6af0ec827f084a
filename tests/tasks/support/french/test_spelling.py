import pytest

from workbench.tasks.support.french.spelling import begins_with_vowel, spell


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("je aime le ami", "j'aime l'ami"),
        ("elle ne est pas à la école", "elle n'est pas à l'école"),
        ("il la a vue", "il l'a vue"),
        ("il ne le aime pas", "il ne l'aime pas"),
        ("il me écoute", "il m'écoute"),
        ("nous allons à le marché", "nous allons au marché"),
        ("nous allons à le hôtel", "nous allons à l'hôtel"),
        ("il donne à les filles", "il donne aux filles"),
        ("près de le musée", "près du musée"),
        ("près de la église", "près de l'église"),
        ("le livre de les enfants", "le livre des enfants"),
        ("il vient de un hôtel", "il vient d'un hôtel"),
        ("le hibou de la femme", "le hibou de la femme"),
        ("pas de œufs", "pas d'œufs"),
    ],
)
def test_words_are_written_together_as_french_does(words: str, written: str) -> None:
    assert spell(words.split()) == written


@pytest.mark.parametrize(("word", "vowel"), [("homme", True), ("hibou", False), ("œuf", True), ("école", True)])
def test_a_silent_h_counts_as_a_vowel_and_an_aspirated_one_does_not(word: str, vowel: bool) -> None:
    assert begins_with_vowel(word) is vowel
