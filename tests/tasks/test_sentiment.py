from collections.abc import Callable
from hashlib import sha256
from math import log
from pathlib import Path

import numpy as np
import pytest

from workbench.tasks import Batch, TaskError
from workbench.tasks.sentiment import Sentiment, SentimentSettings

Write = Callable[[str], str]


def sentiment(*, seed: int = 0, **settings: object) -> Sentiment:
    return SentimentSettings.model_validate(settings).build(seed)


@pytest.fixture
def table(tmp_path: Path) -> Write:
    def write(content: str) -> str:
        (tmp_path / "table.csv").write_text(content, encoding="utf-8")
        return str(tmp_path / "table.csv")

    return write


def rows(count: int, label: Callable[[int], object]) -> str:
    return "text,label\n" + "".join(f"sentence number {n},{label(n)}\n" for n in range(count))


def sentences(task: Sentiment, batch: Batch) -> list[str]:
    assert batch.lengths is not None
    columns = zip(batch.inputs.T, batch.lengths, strict=True)
    return [" ".join(task.inputs.names[symbol] for symbol in column[:length]) for column, length in columns]


def test_no_sentence_is_both_in_training_and_held_out() -> None:
    task = sentiment()
    training = sentences(task, task.training_batch(0, 4000))
    held_out = sentences(task, task.validation())
    assert len(set(training)) == 4000
    assert len(set(held_out)) == 500
    assert set(training).isdisjoint(held_out)


def test_sentences_are_padded_with_0_after_their_length() -> None:
    batch = sentiment().training_batch(0, 64)
    assert batch.lengths is not None
    assert len(set(batch.lengths.tolist())) > 5
    beyond = np.arange(len(batch.inputs))[:, None] >= batch.lengths
    assert np.array_equal(batch.inputs == 0, beyond)


def test_the_longest_sentence_gives_the_task_its_length() -> None:
    task = sentiment()
    lengths = [task.training_batch(0, 4000).lengths, task.validation().lengths]
    assert max(int(each.max()) for each in lengths if each is not None) == task.length


def test_a_bag_of_words_fails_where_order_decides() -> None:
    majority, bag_of_words = sentiment().baselines()
    assert majority.value == pytest.approx(log(2), abs=1e-3)
    assert bag_of_words.metric < 0.6


def test_the_bag_of_words_is_that_of_scikit_learn(table: Write) -> None:
    extraction = pytest.importorskip("sklearn.feature_extraction.text", reason="scikit-learn is not installed")
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(0)
    labels: dict[str, bool] = {}
    while len(labels) < 300:
        words = random.choice(list("abcdefgh"), random.integers(1, 9))
        labels[" ".join(words)] = bool(np.count_nonzero(words < "d") + random.normal() > 2)
    task = sentiment(path=table("text,label\n" + "".join(f"{text},{label}\n" for text, label in labels.items())))
    new = task.validation()
    training = task.training_batch(0, 300 - new.inputs.shape[1])
    bag = extraction.CountVectorizer(token_pattern=r"\S+")
    counts = bag.fit_transform(sentences(task, training))
    model = LogisticRegression(C=2.0, tol=1e-8).fit(counts, training.targets)
    chances = model.predict_proba(bag.transform(sentences(task, new)))
    expected = -np.log(chances[np.arange(len(new.targets)), new.targets]).mean()
    assert task.baselines()[1].value == pytest.approx(expected, rel=1e-4)


def test_a_majority_scores_the_entropy_of_its_labels(table: Write) -> None:
    task = sentiment(path=table(rows(400, lambda n: n % 4 == 0)))
    held_out = task.validation().targets
    known = task.training_batch(0, 400 - len(held_out)).targets
    often, here = np.mean(known == 0), np.mean(held_out == 0)
    majority = task.baselines()[0]
    assert majority.value == pytest.approx(-(here * log(often) + (1 - here) * log(1 - often)))
    assert majority.metric == pytest.approx(here)


def test_a_users_table_gives_its_own_labels(table: Write) -> None:
    task = sentiment(path=table(rows(60, lambda n: ("low", "mid", "high")[n % 3])))
    assert task.outputs == 3
    assert {example.target for example in task.preview(20)} == {"low", "mid", "high"}
    assert task.describe_output(np.log(np.array([0.2, 0.7, 0.1]))) == "low, 0.70"


def test_every_label_of_a_table_is_held_out_and_trained_on(table: Write) -> None:
    task = sentiment(path=table(rows(60, lambda n: int(n < 2))))
    held_out = task.validation().targets
    assert set(held_out) == {0, 1}
    assert set(task.training_batch(0, 60 - len(held_out)).targets) == {0, 1}


def test_a_label_of_one_sentence_is_trained_on(table: Write) -> None:
    task = sentiment(path=table(rows(60, lambda n: min(n, 1))))
    held_out = task.validation().targets
    assert set(held_out) == {1}
    assert set(task.training_batch(0, 60 - len(held_out)).targets) == {0, 1}


def test_a_sentence_stays_held_out_when_the_table_grows_and_is_sorted_anew(table: Write) -> None:
    lines = [f"{' '.join(str(n))},{n % 2}\n" for n in range(300)]
    before = sentiment(path=table("text,label\n" + "".join(lines[:200])))
    held_out = set(sentences(before, before.validation()))
    after = sentiment(path=table("text,label\n" + "".join(reversed(lines))), seed=9)
    now = set(sentences(after, after.validation()))
    assert held_out < now
    assert 0.1 < len(now) / 300 < 0.3


def test_about_the_share_asked_for_is_held_out(table: Write) -> None:
    task = sentiment(path=table(rows(1000, lambda n: n % 2)), held_out=0.4)
    assert task.validation().inputs.shape[1] == pytest.approx(400, abs=50)


def test_of_many_held_out_sentences_500_are_looked_at_and_every_label(table: Write) -> None:
    task = sentiment(path=table(rows(3000, lambda n: int(n < 2))), held_out=0.5)
    assert task.validation().inputs.shape[1] == 500
    assert set(task.validation().targets) == {0, 1}
    assert int(task.protocol.split(":")[1].split()[0].replace(",", "")) == pytest.approx(1500, abs=100)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "latin-1"])
def test_a_table_in_any_encoding_is_the_same_task(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "table.csv"
    content = "text;label\n" + "".join(f"naïve phrase {n};{'ça' if n % 3 else 'là'}\n" for n in range(60))
    path.write_bytes(content.encode(encoding))
    task = sentiment(path=str(path), encoding=encoding)
    assert task.output_names == ("là", "ça")
    assert "naïve" in task.inputs.names


def test_a_batch_may_be_larger_than_the_table(table: Write) -> None:
    task = sentiment(path=table(rows(24, lambda n: n % 2)))
    batch = task.training_batch(3, 64)
    assert batch.inputs.shape[1] == 64
    assert len(set(sentences(task, batch))) == 24 - task.validation().inputs.shape[1]


def test_a_table_is_taken_with_the_hash_it_has_to_have(table: Write) -> None:
    path = table(rows(40, lambda n: n % 2))
    digest = sentiment(path=path).data_hashes()["table"]
    assert sentiment(path=path, sha256=digest).data_hashes() == {"table": digest}
    table(rows(41, lambda n: n % 2))
    with pytest.raises(TaskError, match=f"no longer the one it was.*{digest[:8]}.*clear task.sha256"):
        sentiment(path=path, sha256=digest)


def test_the_seed_changes_the_order_of_a_table_and_not_its_split(table: Write) -> None:
    path = table(rows(60, lambda n: n % 2))
    one, other = sentiment(path=path, seed=0), sentiment(path=path, seed=1)
    assert np.array_equal(one.validation().inputs, other.validation().inputs)
    assert not np.array_equal(one.training_batch(0, 48).inputs, other.training_batch(0, 48).inputs)


def test_a_sentence_that_stands_twice_is_used_once(table: Write) -> None:
    path = table(rows(40, lambda n: n % 2) + "sentence number 0,1\n" * 100)
    task = sentiment(path=path)
    held_out = task.validation().inputs.shape[1]
    assert f"{40 - held_out} sentences train" in task.protocol
    assert len(set(sentences(task, task.training_batch(0, 40 - held_out)))) == 40 - held_out


def test_of_a_long_sentence_the_last_words_are_read(table: Write) -> None:
    task = sentiment(path=table(rows(40, lambda n: n % 2)), longest=2)
    assert task.length == 2
    assert all(example.inputs.startswith("number ") for example in task.preview(10))


def test_words_unknown_from_training_are_symbol_0(table: Write) -> None:
    task = sentiment(path=table(rows(40, lambda n: n % 2)))
    assert (task.validation().inputs[2] == 0).all()


def test_the_hash_of_a_table_belongs_to_the_task(table: Write) -> None:
    path = table(rows(40, lambda n: n % 2))
    assert sentiment(path=path).data_hashes() == {"table": sha256(Path(path).read_bytes()).hexdigest()}
    assert sentiment().data_hashes() == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("review,label\na,1\n", 'no column "text"'),
        (rows(40, lambda n: "same"), "Two or more are needed"),
        (rows(60, lambda n: n), "more than 50 different labels"),
        ("text,label\n" + "again,1\nagain,2\n" * 20, 'Every label in .* is "1"'),
        (rows(19, lambda n: n % 2), "19 different sentences; at least 20"),
    ],
)
def test_a_table_that_cannot_be_learned_gets_a_sentence(table: Write, content: str, sentence: str) -> None:
    with pytest.raises(TaskError, match=sentence):
        sentiment(path=table(content))
