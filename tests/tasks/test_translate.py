from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from workbench.tasks import Batch, TaskError
from workbench.tasks.support.answers.task import END_NAME
from workbench.tasks.support.answers.translations import join_translated, split_translated
from workbench.tasks.support.text.words import UNKNOWN
from workbench.tasks.translate import UNKNOWN_CLASS, Translate, TranslateSettings

Write = Callable[[str], str]


def translate(*, seed: int = 0, **settings: object) -> Translate:
    return TranslateSettings.model_validate({"examples": 1000, **settings}).build(seed)


@pytest.fixture
def table(tmp_path: Path) -> Write:
    def write(content: str) -> str:
        (tmp_path / "pairs.tsv").write_text(content, encoding="utf-8")
        return str(tmp_path / "pairs.tsv")

    return write


def rows(count: int, answer: str = "numéro {}") -> str:
    return "source\ttarget\n" + "".join(f"number {n}\t{answer.format(n)}\n" for n in range(count))


def texts(task: Translate, batch: Batch) -> list[tuple[str, str]]:
    examples = [task.describe(batch, own) for own in range(batch.inputs.shape[1])]
    return [(example.inputs, example.target) for example in examples]


def written(task: Translate, *answers: str) -> NDArray[np.int64]:
    """Return answers as a network would have written them, (W, B); unknown words as such."""
    assert task.output_names is not None
    classes = {name: number for number, name in enumerate(task.output_names)}
    columns = [[classes.get(word, UNKNOWN_CLASS) for word in split_translated(answer)] for answer in answers]
    steps = max(map(len, columns)) + 1
    return np.array([[*column, *[0] * (steps - len(column))] for column in columns]).T


@pytest.mark.parametrize("pairs", ["phrases", "dates"])
def test_no_source_both_trains_and_is_held_out(pairs: str) -> None:
    task = translate(pairs=pairs)
    held_out = {source for source, _ in texts(task, task.validation())}
    training = {source for source, _ in texts(task, task.training_batch(0, 1000 - len(held_out)))}
    assert len(held_out) + len(training) == 1000
    assert held_out.isdisjoint(training)


def test_a_source_that_one_seed_holds_out_trains_with_no_seed() -> None:
    one, other = translate(seed=1), translate(seed=2)
    held_out = {source for source, _ in texts(one, one.validation())}
    assert held_out.isdisjoint(source for source, _ in texts(other, other.training_batch(0, 900)))


def test_phrases_are_shown_as_they_are_written() -> None:
    task = translate(examples=4000)
    shown = dict(texts(task, task.training_batch(0, 3000)))
    assert any("'" in answer for answer in shown.values())
    assert not any("' " in answer or END_NAME in answer or "…" in answer for answer in shown.values())
    assert not any(UNKNOWN in source + answer for source, answer in shown.items())


def test_dates_go_by_character_and_show_their_spaces() -> None:
    task = translate(pairs="dates")
    assert "␣" in task.inputs.names
    source, answer = texts(task, task.training_batch(0, 1))[0]
    assert "␣" not in source
    assert len(answer) == len("2001-03-03") == task.training_batch(0, 1).targets.shape[0] - 1


def test_what_is_due_scores_1_in_exact_match_and_in_bleu() -> None:
    for task in (translate(examples=8000), translate(pairs="dates"), translate(level="character")):
        batch = task.validation()
        assert task.judge_written(batch.targets, batch) == pytest.approx({"exact match": 1.0, "BLEU": 1.0})


def test_a_wrong_word_costs_the_match_and_a_part_of_the_bleu() -> None:
    """Of six words one is wrong: 5/6, 3/5, 2/4 and 1/3 of the runs of one to four words are right."""
    task = translate(examples=8000)
    due, wrong = (written(task, f"le {adjective} chat noir est triste") for adjective in ("petit", "vieux"))
    batch = Batch(np.zeros((1, 1), dtype=np.int64), due)
    scores = task.judge_written(wrong, batch)
    assert scores["exact match"] == 0.0
    assert scores["BLEU"] == pytest.approx((5 / 6 * 3 / 5 * 2 / 4 * 1 / 3) ** (1 / 4))


def test_an_unknown_word_is_never_right(table: Write) -> None:
    task = translate(path=table(rows(40)))
    batch = task.validation()
    assert (batch.targets[1] == UNKNOWN_CLASS).all()
    assert task.judge_written(batch.targets, batch)["exact match"] == 0.0
    assert task.judge_written(batch.targets, batch)["BLEU"] == 0.0
    example, target = task.describe(batch, 0), batch.targets[:, 0]
    assert task.reading_written(example, target, target).correct is False
    assert task.is_correct(np.eye(task.outputs)[target], target) is False


def test_baselines_come_from_the_pairs(table: Write) -> None:
    """Where the target is the source copying is right; word by word is too, for each word stands for itself."""
    words = [f"{one} {other}" for one in "abcdefgh" for other in "ijklmnop"]
    same = "source\ttarget\n" + "".join(f"{text}\t{text}\n" for text in words)
    unigram, copy, word_by_word = translate(path=table(same)).baselines()
    assert (copy.metric, word_by_word.metric) == (1.0, 1.0)
    assert copy.value < word_by_word.value < unigram.value
    assert "BLEU 1.000" in copy.formula


def test_word_by_word_is_far_from_enough_for_phrases() -> None:
    unigram, copy, word_by_word = translate(examples=8000).baselines()
    assert word_by_word.value < unigram.value
    assert copy.metric < word_by_word.metric < 0.15


def test_a_table_is_read_by_words_in_lower_case(table: Write) -> None:
    task = translate(path=table(rows(40, "L’ami numéro {}, dit-il.")))
    assert {"l’", "ami", ",", "."} <= set(task.output_names or ())
    assert texts(task, task.training_batch(0, 1))[0][1].startswith("l’ami numéro ")


def test_elided_words_stand_apart_and_are_joined_again() -> None:
    text = "qu'il n'a pas d’ami aujourd'hui, c'est vrai."
    words = split_translated(text)
    assert words == ["qu'", "il", "n'", "a", "pas", "d’", "ami", "aujourd'hui", ",", "c'", "est", "vrai", "."]
    assert join_translated(words) == text
    assert split_translated("don't it's o'clock") == ["don't", "it's", "o'clock"]


def test_a_table_by_character_keeps_capitals(table: Write) -> None:
    task = translate(path=table(rows(40, "Né {}")), level="character")
    assert "N" in (task.output_names or ())
    assert texts(task, task.training_batch(0, 1))[0][1].startswith("Né ")


def test_the_seed_changes_the_order_of_a_table_and_not_its_split(table: Write) -> None:
    path = table(rows(60))
    one, other = translate(path=path, seed=0), translate(path=path, seed=1)
    assert np.array_equal(one.validation().inputs, other.validation().inputs)
    assert not np.array_equal(one.training_batch(0, 48).inputs, other.training_batch(0, 48).inputs)


def test_the_share_held_out_is_about_the_one_asked_for(table: Write) -> None:
    task = translate(path=table(rows(1000)), held_out=0.3)
    # 300 expected, with a standard deviation of sqrt(1000 * 0.3 * 0.7) = 14.5.
    assert task.validation().inputs.shape[1] == pytest.approx(300, abs=4 * 14.5)


def test_a_source_that_stands_twice_is_used_once(table: Write) -> None:
    task = translate(path=table(rows(40) + "Number 0\tautre\n" * 100))
    trained = task.protocol.partition(" pairs train")[0].rpartition(" ")[2]
    assert int(trained) + task.validation().inputs.shape[1] == 40
    assert "autre" not in (task.output_names or ())


def test_longer_pairs_are_left_out_and_counted(table: Write) -> None:
    task = translate(path=table(rows(40) + "one two three four\tun deux trois quatre\n"), longest=3)
    assert "Left out for their length: 1." in task.protocol
    assert task.pairs.sources.longest == 2


def test_the_hash_of_a_table_belongs_to_the_task(table: Write) -> None:
    path = table(rows(40))
    digest = sha256(Path(path).read_bytes()).hexdigest()
    assert translate(path=path, sha256=digest).data_hashes() == {"table": digest}
    assert translate().data_hashes() == {}
    with pytest.raises(TaskError, match=r"no longer the one it was.*00000000"):
        translate(path=path, sha256="0" * 64)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("english\ttarget\na\tb\n", 'no column "source"'),
        (rows(19), "19 different pairs; at least 20"),
        (rows(40, " "), "empty"),
    ],
)
def test_a_table_that_cannot_be_learned_gets_a_sentence(table: Write, content: str, sentence: str) -> None:
    with pytest.raises(TaskError, match=sentence):
        translate(path=table(content))


def test_a_small_vocabulary_keeps_the_most_frequent_words() -> None:
    task = translate(vocabulary=20)
    assert (task.inputs.size, task.outputs) == (20, 20)
    assert {"the", "not"} <= set(task.inputs.names)
    assert task.output_names is not None
    assert task.output_names[:2] == (END_NAME, UNKNOWN)
    assert (task.training_batch(0, 32).targets == UNKNOWN_CLASS).any()


def test_a_batch_may_be_larger_than_a_table(table: Write) -> None:
    task = translate(path=table(rows(25)))
    batch = task.training_batch(0, 64)
    assert batch.inputs.shape[1] == 64
    assert len(set(texts(task, batch))) == 25 - task.validation().inputs.shape[1]
