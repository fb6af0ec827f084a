from hashlib import sha256
from itertools import pairwise
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.tasks import Batch, TaskError
from workbench.tasks.language_model import LanguageModel, LanguageModelSettings
from workbench.tasks.support.text import corpus
from workbench.tasks.support.text.manual import manual_text
from workbench.tasks.support.text.words import split_words

PROSE = "It was the best of times, it was the worst of times;\n" * 40


def model(path: Path | str = "", seed: int = 0, **settings: Any) -> LanguageModel:
    return LanguageModelSettings(path=str(path), **settings).build(seed)


@pytest.fixture
def prose(tmp_path: Path) -> Path:
    path = tmp_path / "prose.txt"
    path.write_text(PROSE, encoding="utf-8")
    return path


def text_of(task: LanguageModel, column: np.ndarray) -> str:
    return task.alphabet.decode(column)


def test_the_target_is_the_next_character(prose: Path) -> None:
    batch = model(prose, length=10).training_batch(0, 4)
    assert np.array_equal(batch.inputs[1:], batch.targets[:-1])


def test_streams_go_on_from_batch_to_batch_until_the_text_is_read(prose: Path) -> None:
    task = model(prose, length=10)
    batches = [task.training_batch(step, 4) for step in range(100)]
    starts = [step for step, batch in enumerate(batches) if not batch.continues]
    pieces = starts[1]
    # 1,908 training characters in 4 streams of 477: 47 pieces of 10 and their targets.
    assert starts == [0, pieces, 2 * pieces]
    assert pieces == 47
    for before, after in pairwise(batches):
        if after.continues:
            assert np.array_equal(before.targets[-1], after.inputs[0])


def test_the_cuts_shift_from_one_reading_to_the_next(prose: Path) -> None:
    task = model(prose, length=10)
    firsts = {task.training_batch(47 * epoch, 4).inputs.tobytes() for epoch in range(8)}
    assert len(firsts) > 1


def test_training_never_shows_the_held_out_text(tmp_path: Path) -> None:
    path = tmp_path / "halves.txt"
    path.write_text("a" * 900 + "b" * 100, encoding="utf-8")
    task = model(path, length=10)
    shown = {text_of(task, task.training_batch(step, 3).targets.ravel()) for step in range(40)}
    assert set("".join(shown)) == {"a"}
    assert (task.validation().inputs == 0).all()


def test_validation_counts_characters_with_context_alone(prose: Path) -> None:
    held_out = model(prose, length=20).validation()
    assert held_out.valid is not None
    assert not held_out.valid[:5].any()
    assert held_out.valid[5:].all()
    assert not held_out.continues


def test_even_guesses_score_the_uniform_baseline() -> None:
    task = model()
    held_out = task.validation()
    uniform = task.baselines()[0]
    metrics = task.metrics(np.zeros((*held_out.targets.shape, task.outputs)), held_out)
    assert uniform.value == pytest.approx(log(task.outputs))
    assert metrics["bits a character"] == pytest.approx(uniform.metric)
    assert metrics["perplexity"] == pytest.approx(task.outputs)


def test_characters_that_do_not_count_change_no_metric(prose: Path) -> None:
    task = model(prose, length=20)
    held_out = task.validation()
    outputs = np.random.default_rng(0).normal(size=(*held_out.targets.shape, task.outputs))
    before = task.metrics(outputs, held_out)
    outputs[:5] += np.arange(task.outputs)
    assert task.metrics(outputs, held_out) == before
    assert before["perplexity"] == pytest.approx(exp(before["bits a character"] * log(2)))


def test_longer_contexts_predict_english_better() -> None:
    baselines = model().baselines()
    assert [baseline.name for baseline in baselines] == ["uniform", "unigram", "bigram", "5-gram"]
    values = [baseline.value for baseline in baselines]
    assert values == sorted(values, reverse=True)


def test_a_unigram_scores_the_cross_entropy_of_its_smoothed_counts(prose: Path) -> None:
    task = model(prose, length=20)
    kept = len(PROSE) - len(PROSE) // 10
    counts = np.bincount(task.alphabet.encode(PROSE[:kept]), minlength=task.outputs)
    kinds = np.count_nonzero(counts)
    chances = (counts + kinds / task.outputs) / (kept + kinds)
    held_out = task.validation()
    expected = -np.log(chances[held_out.targets[held_out.valid]]).mean()
    assert task.baselines()[1].value == pytest.approx(expected)


def test_the_built_in_text_repeats_no_paragraph_and_has_its_hash() -> None:
    text, digest = manual_text()
    paragraphs = text.split("\n\n")
    assert len(paragraphs) == len(set(paragraphs))
    assert len(text) > 300_000
    assert model().data_hashes() == {"text": digest} == {"text": sha256(text.encode()).hexdigest()}


def test_the_hash_of_a_users_text_is_that_of_its_bytes(prose: Path) -> None:
    assert model(prose, length=10).data_hashes() == {"text": sha256(prose.read_bytes()).hexdigest()}


def test_rare_characters_become_one_symbol_when_the_vocabulary_is_small(prose: Path) -> None:
    task = model(prose, length=10, vocabulary=5)
    assert task.outputs == 5
    assert "\N{REPLACEMENT CHARACTER}" in task.preview(1)[0].inputs


def test_a_text_too_short_for_the_length_names_what_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "short.txt"
    path.write_text("x" * 1009, encoding="utf-8")
    with pytest.raises(TaskError, match=r"1,009 characters; length 100 needs at least 1,010"):
        model(path)
    path.write_text("x" * 1010, encoding="utf-8")
    assert model(path).validation().inputs.shape == (100, 1)


def test_a_text_too_short_for_the_batch_names_what_it_needs(prose: Path) -> None:
    task = model(prose, length=100)
    with pytest.raises(TaskError, match=r"1,908 characters to train on; batch 32 with length 100 needs 3,232"):
        task.training_batch(0, 32)


@pytest.mark.parametrize("content", [b"", b"GIF89a\x00\x00"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(TaskError):
        model(tmp_path / "file")


def test_a_path_in_settings_becomes_absolute(prose: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(prose.parent)
    settings = LanguageModelSettings(path="prose.txt", length=10)
    monkeypatch.chdir("/")
    assert settings.build(0).length == 10
    assert settings.path == str(prose)


def test_a_python_file_is_read_and_not_run(tmp_path: Path) -> None:
    attack = tmp_path / "attack.py"
    attack.write_text(f"open({str(tmp_path / 'attacked')!r}, 'w').close()\n" * 50, encoding="utf-8")
    model(attack, length=10).baselines()
    assert not (tmp_path / "attacked").exists()


def test_a_sample_goes_on_after_its_prompt(prose: Path) -> None:
    task = model(prose, length=10)
    symbols = task.alphabet.encode(PROSE)
    following = dict(zip(symbols.tolist(), symbols[1:].tolist(), strict=False))

    def predict(symbol: int, steps: int) -> tuple[np.ndarray, int]:
        return np.eye(task.outputs)[following.get(symbol, 0)], steps + 1

    first = task.alphabet.decode(np.array([following[int(task.alphabet.encode("b")[0])]]))
    assert task.sample(predict, 0, count=1, temperature=0, prompt="b") == first
    assert len(task.sample(predict, 0, count=30, temperature=1.0, seed=4)) == 30
    assert task.sample(predict, 0, temperature=1.0, seed=4) == task.sample(predict, 0, temperature=1.0, seed=4)


def test_a_network_writes_lines_that_depend_on_seed_and_step_alone(prose: Path) -> None:
    task = model(prose, length=10)

    def predict(symbols: np.ndarray, state: Any) -> tuple[np.ndarray, None]:
        return np.zeros((len(symbols), task.outputs)), None

    written = task.write(predict, 7)
    assert len(written) == 203  # four texts of 50, and the line ends between them
    assert written == task.write(predict, 7) != task.write(predict, 8)


def test_an_output_prints_the_most_likely_characters(prose: Path) -> None:
    task = model(prose, length=10)
    outputs: Any = np.eye(task.outputs)[task.alphabet.encode("best\n")]
    assert task.describe_output(outputs) == "best⏎"


def test_a_batch_given_without_marks_counts_in_full(prose: Path) -> None:
    task = model(prose, length=10)
    batch: Batch = task.training_batch(0, 2)
    assert batch.valid is None
    assert task.metrics(np.eye(task.outputs)[batch.targets] * 100, batch)["accuracy"] == 1.0


def test_of_a_very_long_text_no_more_is_held_out_than_baselines_can_count(
    prose: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "HELD_OUT_MOST", 50)
    assert "The last 50 are held out" in model(prose, length=10).protocol


@pytest.fixture
def words(prose: Path) -> LanguageModel:
    return model(prose, length=10, level="word", vocabulary=12)


def test_words_may_be_the_symbols(words: LanguageModel) -> None:
    batch = words.training_batch(0, 4)
    assert words.outputs == 11  # ten words and marks, line ends among them, and the unknown
    assert np.array_equal(batch.inputs[1:], batch.targets[:-1])
    assert " ".join(split_words(PROSE)).count(" ".join(split_words(words.describe(batch, 0).inputs))) > 0


def test_bits_a_word_become_bits_a_character(words: LanguageModel) -> None:
    held_out = words.validation()
    metrics = words.metrics(np.zeros((*held_out.targets.shape, words.outputs)), held_out)
    assert metrics["perplexity a word"] == pytest.approx(11)
    line = PROSE.splitlines(keepends=True)[0]
    tokens = 15
    assert metrics["bits a character"] == pytest.approx(log(11) / log(2) / (len(line) / tokens), rel=0.05)
    assert words.baselines()[0].metric == pytest.approx(metrics["bits a character"])
    assert words.baselines()[0].value == pytest.approx(log(11))


def test_longer_contexts_predict_english_words_better() -> None:
    baselines = model(level="word", length=20).baselines()
    assert [baseline.name for baseline in baselines] == ["uniform", "unigram", "bigram", "5-gram"]
    assert baselines[0].value > baselines[1].value > baselines[2].value


def test_a_network_writes_words(words: LanguageModel) -> None:
    def predict(symbols: np.ndarray, state: Any) -> tuple[np.ndarray, None]:
        return np.eye(words.outputs)[symbols] * 100, None

    assert words.sample(predict, None, count=3, temperature=0, prompt="times") == "times times times"  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "latin-1"])
def test_a_text_in_any_encoding_is_the_same_task(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(("naïve café\r\n" * 100).encode(encoding))
    task = model(path, length=10, encoding=encoding)
    assert task.output_names == ("\N{REPLACEMENT CHARACTER}", *"⏎␣acefnvéï")


def test_a_text_in_another_encoding_names_the_byte_and_the_encodings(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"na\xefve " * 100)
    with pytest.raises(TaskError, match=r'byte 2 is 0xef\. Set task.encoding to one of "cp1252", "latin-1"'):
        model(path)


def test_the_share_held_out_is_chosen(prose: Path) -> None:
    assert f"The last {len(PROSE) // 4:,} are held out" in model(prose, length=10, held_out=0.25).protocol


def test_a_text_is_taken_with_the_hash_it_has_to_have(prose: Path) -> None:
    digest = model(prose, length=10).data_hashes()["text"]
    assert model(prose, length=10, sha256=digest).data_hashes() == {"text": digest}
    prose.write_text(PROSE + "More.", encoding="utf-8")
    with pytest.raises(TaskError, match=f"no longer the one it was.*{digest[:8]}"):
        model(prose, length=10, sha256=digest)
