import numpy as np
import pytest

from workbench.tasks.support.logistic import Counts, Dense, fit_logistic
from workbench.tasks.support.metrics import log_softmax

REASON = "scikit-learn is not installed"


def counted() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows and columns of 2,000 words in 150 sentences, and labels that depend on them."""
    random = np.random.default_rng(0)
    rows, columns = np.sort(random.integers(0, 150, 2000)), random.integers(0, 12, 2000)
    scores = np.zeros((150, 3))
    np.add.at(scores, rows, random.normal(size=(12, 3))[columns])
    return rows, columns, (scores + random.normal(size=(150, 3))).argmax(axis=1)


def as_dense(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    dense = np.zeros((150, 12))
    np.add.at(dense, (rows, columns), 1)
    return dense


def test_three_classes_get_the_probabilities_of_scikit_learn() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model", reason=REASON)
    rows, columns, labels = counted()
    features = as_dense(rows, columns)
    ours = fit_logistic(Dense(features), labels, classes=3, penalty=0.5, tolerance=1e-9)
    theirs = linear_model.LogisticRegression(C=2.0, tol=1e-10, max_iter=5000).fit(features, labels)
    assert np.exp(log_softmax(ours.logits(Dense(features)))) == pytest.approx(theirs.predict_proba(features), abs=1e-5)


def test_two_classes_get_the_probabilities_of_scikit_learn() -> None:
    """One vector w for two classes is ours with w/2 and -w/2: half the penalty, so twice C."""
    linear_model = pytest.importorskip("sklearn.linear_model", reason=REASON)
    rows, columns, labels = counted()
    features = as_dense(rows, columns)
    first = (labels == 0).astype(int)
    ours = fit_logistic(Dense(features), first, classes=2, penalty=1.0, tolerance=1e-9)
    theirs = linear_model.LogisticRegression(C=2.0, tol=1e-10, max_iter=5000).fit(features, first)
    assert np.exp(log_softmax(ours.logits(Dense(features)))) == pytest.approx(theirs.predict_proba(features), abs=1e-5)


def test_counts_are_the_dense_matrix_they_stand_for() -> None:
    rows, columns, _ = counted()
    counts, dense = Counts(rows, columns, (150, 12)), Dense(as_dense(rows, columns))
    random = np.random.default_rng(1)
    weights, values = random.normal(size=(12, 3)), random.normal(size=(150, 3))
    assert counts.times(weights) == pytest.approx(dense.times(weights))
    assert counts.transposed_times(values) == pytest.approx(dense.transposed_times(values))


def test_the_intercept_alone_gives_the_shares_of_the_classes() -> None:
    labels = np.array([0, 0, 0, 1])
    model = fit_logistic(Dense(np.zeros((4, 1))), labels, classes=2, tolerance=1e-9)
    assert np.exp(log_softmax(model.intercepts)) == pytest.approx([0.75, 0.25])
