"""What each kind of figure takes from a run, and what it says where something is not there."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

import workbench
from tests.figures.support import FILM, LENGTH, LENGTHS, UNITS, add_idle_run, add_run, experiment, made_up_snapshot
from workbench.figures.choices import choices
from workbench.figures.errors import FigureError
from workbench.figures.figure import make_spec
from workbench.figures.registry import FIGURES
from workbench.figures.spec import HeatMap
from workbench.lab.errors import UnknownRun
from workbench.lab.workbook import Columns, Workbook, open_workbook
from workbench.tasks import Baseline
from workbench.training.words import Words


def heat_map(workbook: Workbook, **options: object) -> HeatMap:
    found = make_spec(workbook, [1], "states", **options).panels[-1].heat_map  # type: ignore[arg-type]
    assert found is not None
    return found


def test_the_loss_shows_every_step_faint_their_mean_and_the_held_out_data(book: Workbook) -> None:
    (panel,) = make_spec(book, [1], "loss", smoothing=5).panels
    every, mean, held_out = panel.curves
    loss = book.scalars.read(1)["loss"]
    np.testing.assert_array_equal(every.y, loss)
    assert every.faint
    assert mean.y[49] == pytest.approx(loss[47:52].mean())
    assert held_out.line is None
    np.testing.assert_array_equal(held_out.x, [0, 50, 100])
    assert [(level.name, level.value) for level in panel.levels] == [("always 1", 1 / 6)]
    assert (panel.y.scale, panel.y.text) == ("log", "mean squared error")


def test_a_short_run_is_smoothed_over_a_tenth_of_it_at_most(book: Workbook) -> None:
    (panel,) = make_spec(book, [1], "loss", smoothing=1001).panels
    assert panel.curves[1].name == "first: training, mean of 11 steps"


def test_the_loss_can_run_along_time_or_samples(book: Workbook) -> None:
    by_time, by_samples = (make_spec(book, [1], "loss", against=name).panels[0] for name in ("time", "samples"))
    np.testing.assert_allclose(by_time.curves[-1].x, [0.0, 5.0, 10.0])  # a step takes 0.1 s
    assert by_time.x.text == "time (s)"
    np.testing.assert_array_equal(by_samples.curves[-1].x, [0, 200, 400])  # four sequences a step


def test_the_loss_of_classes_is_in_nats(workbook: Workbook) -> None:
    run = add_idle_run(workbook, task={"name": "copy", "delay": 5})
    workbook.scalars.append(run, Columns(np.array([1]), {"loss": np.array([2.0])}))
    assert make_spec(workbook, [run], "loss").panels[0].y.text == "cross-entropy (nats)"


def test_runs_stand_in_the_order_asked_for_each_once(book: Workbook) -> None:
    (panel,) = make_spec(book, [2, 1, 2], "loss").panels
    assert [curve.label for curve in panel.curves if curve.label] == ["second", "first", "validation"]
    assert len(panel.levels) == 1


def test_runs_of_one_name_are_told_apart_by_number(workbook: Workbook) -> None:
    runs = [add_run(workbook, name="same") for _ in range(2)]
    (panel,) = make_spec(workbook, runs, "metric").panels
    assert [curve.label for curve in panel.curves] == ["same (run 1)", "same (run 2)"]


def test_losses_of_different_units_do_not_share_an_axis(workbook: Workbook) -> None:
    first, other = add_run(workbook), add_idle_run(workbook, task={"name": "copy", "delay": 5})
    workbook.scalars.append(other, Columns(np.array([1]), {"loss": np.array([2.0])}))
    with pytest.raises(FigureError, match="run 2 as cross-entropy: they cannot share an axis"):
        make_spec(workbook, [first, other], "loss")


def test_a_baseline_on_which_runs_disagree_says_whose_it_is(workbook: Workbook) -> None:
    runs = [add_run(workbook, name=name) for name in ("a", "b")]
    (baseline,) = workbook.runs.baselines(1)
    workbook.runs.set_baselines(2, [type(baseline)("always 1", 0.5, 0.5, "", "")])
    levels = make_spec(workbook, runs, "loss").panels[0].levels
    assert [(level.name, level.value) for level in levels] == [("always 1 (a)", 1 / 6), ("always 1 (b)", 0.5)]


def test_the_metric_is_the_tasks_main_one_unless_another_is_named(book: Workbook) -> None:
    main, other = (make_spec(book, [1], "metric", metric=name).panels[0] for name in ("", "within 0.04"))
    assert (main.y.name, other.y.name) == ("mse", "within 0.04")
    assert [level.value for level in main.levels] == [1 / 6]
    assert other.levels == ()


def test_scores_by_length_stand_at_the_tested_lengths_beside_that_of_training(book: Workbook) -> None:
    (panel,) = make_spec(book, [1, 2], "by-length").panels
    mse = book.validations.read(1)["mse"]
    assert [curve.label for curve in panel.curves] == ["first", "second"]
    np.testing.assert_array_equal(panel.curves[0].x, LENGTHS)
    np.testing.assert_allclose(panel.curves[0].y, mse[-1] * np.array(LENGTHS) / LENGTH)
    assert [place for place, _ in panel.x.ticks] == list(LENGTHS)
    assert [(upright.name, upright.value) for upright in panel.uprights] == [("trained", LENGTH)]


def test_scores_by_length_can_be_those_of_an_earlier_step(book: Workbook) -> None:
    spec = make_spec(book, [1], "by-length", step=99)
    assert spec.panels[0].curves[0].y[0] == pytest.approx(book.validations.read(1)["mse"][1])
    assert "first after training step 50" in spec.description


def test_a_run_tested_at_one_length_has_no_figure_by_length(workbook: Workbook) -> None:
    run = add_idle_run(workbook)
    with pytest.raises(FigureError, match="has not been validated yet"):
        make_spec(workbook, [run], "by-length")
    workbook.validations.append(run, Columns(np.array([0]), {"loss": np.array([1.0]), "mse": np.array([1.0])}))
    with pytest.raises(FigureError, match="tested at one length only"):
        make_spec(workbook, [run], "by-length")


def test_windows_are_a_curve_and_runs_with_a_memory_lines_beside_it(workbook: Workbook) -> None:
    runs = [add_run(workbook, name="lstm")]
    runs += [add_run(workbook, fall, cell="feedforward", window=k, name=str(k)) for k, fall in ((4, 20.0), (1, 90.0))]
    (panel,) = make_spec(workbook, runs, "by-window").panels
    ends = {run: workbook.validations.read(run)["mse"][-1] for run in runs}
    np.testing.assert_array_equal(panel.curves[0].x, [1, 4])
    np.testing.assert_allclose(panel.curves[0].y, [ends[runs[2]], ends[runs[1]]])
    assert [(level.name, level.value) for level in panel.levels] == [("lstm", ends[1]), ("always 1", 1 / 6)]


def add_parity(workbook: Workbook, accuracies: Sequence[float], even_guess: float = 0.5, **values: object) -> int:
    """Add a run of parity that was tested at some lengths, the first that of training."""
    run = add_idle_run(workbook, task={"name": "parity", "length": 10}, **values)
    scores = {f"accuracy at length {10 * number}": accuracies[number - 1] for number in range(1, len(accuracies) + 1)}
    columns = {"loss": 0.7, "accuracy": accuracies[0], **scores}
    workbook.validations.append(run, Columns(np.array([0]), {name: np.array([own]) for name, own in columns.items()}))
    workbook.runs.set_baselines(run, [Baseline("even guess", 0.69, even_guess, "1/2", "a formula")])
    return run


@pytest.mark.parametrize("accuracies", [(1.0, 1.0), (0.0, 0.0), (0.5, 0.54)])
def test_shares_by_length_run_from_0_to_1(workbook: Workbook, accuracies: tuple[float, ...]) -> None:
    run = add_parity(workbook, accuracies)
    (panel,) = make_spec(workbook, [run], "by-length").panels
    assert panel.y.limits == (0.0, 1.0)


def test_errors_by_length_and_shares_on_a_logarithmic_axis_have_the_range_of_their_values(
    book: Workbook, workbook: Workbook
) -> None:
    assert make_spec(book, [1], "by-length").panels[0].y.limits is None
    run = add_parity(workbook, (0.5, 0.54))
    assert make_spec(workbook, [run], "by-length", scale="log").panels[0].y.limits is None


def test_shares_by_window_run_from_0_to_1_unless_a_line_stands_outside(workbook: Workbook) -> None:
    run = add_parity(workbook, (0.5, 0.54), cell="feedforward")
    assert make_spec(workbook, [run], "by-window").panels[0].y.limits == (0.0, 1.0)
    outside = add_parity(workbook, (0.5, 0.54), even_guess=-0.2, cell="feedforward")
    assert make_spec(workbook, [outside], "by-window").panels[0].y.limits is None


def test_networks_of_one_window_stand_at_their_mean(workbook: Workbook) -> None:
    runs = [add_run(workbook, fall, cell="feedforward", window=2) for fall in (20.0, 90.0)]
    (panel,) = make_spec(workbook, runs, "by-window").panels
    ends = [workbook.validations.read(run)["mse"][-1] for run in runs]
    np.testing.assert_allclose(panel.curves[0].y, [sum(ends) / 2])


def test_without_a_window_there_is_nothing_to_draw_over(book: Workbook, workbook: Workbook) -> None:
    with pytest.raises(FigureError, match="feed-forward cell"):
        make_spec(book, [1], "by-window")
    first = add_run(workbook, cell="feedforward")
    other = add_run(workbook, cell="feedforward", task={"name": "adding", "length": 30})
    with pytest.raises(FigureError, match="learns another task"):
        make_spec(workbook, [first, other], "by-window")


@pytest.fixture(scope="module")
def decoded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """A workbook with a run of encoder and decoder that reads both ways and attends, really trained."""
    path = tmp_path_factory.mktemp("decoded") / "decoded.rnnw"
    task = {"name": "reverse", "alphabet": 4, "length": 5}
    workbench.train(experiment(task=task, attention=True, bidirectional=True, steps=5), workbook=path)
    with open_workbook(path) as opened:
        yield opened


def test_attention_is_a_heat_map_between_the_words_read_and_written(decoded: Workbook) -> None:
    (panel,) = make_spec(decoded, [1], "attention", step=0).panels
    arrays = decoded.film.read(1, 0)
    words, switch = Words.from_array(arrays["words"]), int(arrays["switch"])
    assert words.inputs is not None
    assert words.outputs is not None
    assert panel.heat_map is not None
    np.testing.assert_array_equal(panel.heat_map.values, arrays["attention"])
    assert panel.heat_map.limits == (0.0, 1.0)
    assert [text for _, text in panel.x.ticks] == list(words.inputs[:switch])
    assert [text for _, text in panel.y.ticks] == list(words.outputs[switch:])


def test_a_run_without_attention_has_no_figure_of_it(book: Workbook) -> None:
    with pytest.raises(FigureError, match="has no attention"):
        make_spec(book, [1], "attention")


def test_a_layer_that_reads_from_the_end_has_figures_of_its_own(decoded: Workbook, book: Workbook) -> None:
    spec = make_spec(decoded, [1], "states", direction="backward")
    assert spec.panels[0].heat_map is not None
    np.testing.assert_array_equal(spec.panels[0].heat_map.values, decoded.film.read(1, 5)["values/1r.h"].T)
    assert "in layer 1, from the end of" in spec.description
    with pytest.raises(FigureError, match="one direction only"):
        make_spec(book, [1], "states", direction="backward")


def test_source_and_answer_are_parted_by_an_upright_line(decoded: Workbook, book: Workbook) -> None:
    begins = int(decoded.film.read(1, 5)["switch"]) - 0.5
    for kind in ("states", "gradient-flow"):
        (upright,) = make_spec(decoded, [1], kind).panels[0].uprights
        assert (upright.name, upright.value) == ("answer", begins)
        assert make_spec(book, [1], kind).panels[-1].uprights == ()


def test_gradient_flow_and_norms_name_the_layers_of_both_directions_and_of_the_encoder(decoded: Workbook) -> None:
    curves = make_spec(decoded, [1], "gradient-flow").panels[0].curves
    assert [curve.name for curve in curves[::2]] == ["h, layer 1", "h, layer 1, from the end"]
    labels = {curve.name: curve.label for curve in make_spec(decoded, [1], "parameter-norms").panels[0].curves}
    assert labels["encoder.1r.b_f"].endswith("encoder's layer 1, from the end")
    assert labels["1.b_f"].endswith(", layer 1")
    assert labels["attention.v"] == r"\(v\) attention"
    assert next(iter(labels)).startswith("encoder.1.")


def test_states_are_units_by_time_with_the_input_above(book: Workbook) -> None:
    strip, panel = make_spec(book, [1], "states").panels
    assert panel.heat_map is not None
    assert strip.heat_map is not None
    np.testing.assert_array_equal(panel.heat_map.values, made_up_snapshot(100)["values/1.h"].T)
    assert panel.heat_map.values.shape == (UNITS, LENGTH)
    np.testing.assert_array_equal(strip.heat_map.values, made_up_snapshot(100)["inputs"].T)


def test_states_say_which_sequence_their_own_snapshot_shows(workbook: Workbook) -> None:
    run = add_run(workbook, name="first")
    workbook.film.append(run, 101, {**made_up_snapshot(100), "sequence": np.array(3)})
    for step, sequence in ((100, 0), (101, 3)):
        assert f"held-out sequence {sequence};" in make_spec(workbook, [run], "states", step=step).description


@pytest.mark.parametrize("step", FILM)
def test_any_snapshot_of_the_film_can_be_drawn(book: Workbook, step: int) -> None:
    found = heat_map(book, step=step, value="c", inputs=False)
    np.testing.assert_array_equal(found.values, made_up_snapshot(step)["values/1.c"].T)


def test_a_state_is_symmetric_about_0_and_a_gate_runs_from_0_to_1(book: Workbook) -> None:
    state, gate = heat_map(book, value="c"), heat_map(book, value="f")
    largest = float(np.abs(state.values).max())
    assert (state.colours, state.limits) == ("diverging", (-largest, largest))
    assert (gate.colours, gate.limits) == ("magnitude", (0.0, 1.0))


def test_sorted_units_keep_their_numbers(book: Workbook) -> None:
    sorted_, plain = heat_map(book, order="final value"), heat_map(book)
    assert (np.diff(sorted_.values[:, -1]) >= 0).all()
    np.testing.assert_array_equal(sorted_.values, plain.values[sorted_.rows])


def test_gradient_flow_has_a_curve_for_each_state_and_layer(workbook: Workbook) -> None:
    run = add_run(workbook, layers=2)
    (panel,) = make_spec(workbook, [run], "gradient-flow").panels
    assert [curve.name for curve in panel.curves] == ["h, layer 1", "c, layer 1", "h, layer 2", "c, layer 2"]
    np.testing.assert_array_equal(panel.curves[0].y, made_up_snapshot(100)["gradient-norm/1.h"])
    assert panel.y.scale == "log"
    assert len(make_spec(workbook, [run], "gradient-flow", layer=2).panels[0].curves) == 2


def test_parameter_norms_run_over_the_film(book: Workbook) -> None:
    norms, ratios = make_spec(book, [1], "parameter-norms", shows="both").panels
    own = {curve.name: curve for curve in norms.curves}
    assert list(own) == ["1.W_fh", "1.W_ih", "1.W_oh", "1.W_ch", "1.b_f", "readout.W"]
    np.testing.assert_array_equal(own["1.W_fh"].x, FILM)
    np.testing.assert_allclose(own["1.W_fh"].y, [2, 3, 4])
    np.testing.assert_array_equal(ratios.curves[0].x, [50, 100])


def test_a_spectrum_has_the_circle_and_one_scale_on_both_axes(book: Workbook) -> None:
    (panel,) = make_spec(book, [1], "spectrum", matrix="W_oh").panels
    assert panel.unit_circle
    assert panel.x.limits == panel.y.limits
    np.testing.assert_allclose(np.hypot(panel.points[0].x, panel.points[0].y), 0.9)


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("los", {}, "There is no figure 'los'. The figures are loss, metric, by-length"),
        ("loss", {"value": "h"}, "The figure loss has no option value; it takes scale, against, smoothing"),
        ("loss", {"smoothing": 0}, "smoothing: must be at least 1"),
        ("loss", {"scale": "cubic"}, "scale: must be 'linear' or 'log'"),
        ("metric", {"metric": "f1"}, r"Run 1 has no metric 'f1'. It has mse, within 0.04"),
        ("states", {"value": "g"}, "Run 1 has no value 'g' in layer 1. It has h, c, f, i, o"),
        ("states", {"layer": 3}, "Run 1 has no layer 3: its network has one layer"),
        ("states", {"step": 20}, "no snapshot of step 20. The nearest is of step 0 or 50; there are 3"),
        ("spectrum", {"matrix": "b_f"}, "no recurrent matrix 'b_f'. It has W_fh, W_ih, W_oh, W_ch"),
    ],
)
def test_what_is_not_there_gets_a_sentence_that_names_what_is(
    book: Workbook, kind: str, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(FigureError, match=sentence):
        make_spec(book, [1], kind, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("loss", "has taken no step yet"),
        ("metric", "has not been validated yet"),
        ("states", "has no snapshot yet"),
        ("gradient-flow", "has no snapshot yet"),
        ("parameter-norms", "has no snapshot yet"),
        ("spectrum", "has no snapshot yet"),
    ],
)
def test_a_run_that_has_not_begun_says_so(workbook: Workbook, kind: str, sentence: str) -> None:
    run = add_idle_run(workbook)
    with pytest.raises(FigureError, match=sentence):
        make_spec(workbook, [run], kind)


def test_a_loss_that_never_was_a_number_gets_a_sentence(workbook: Workbook) -> None:
    run = add_idle_run(workbook)
    workbook.scalars.append(run, Columns(np.arange(1, 4), {"loss": np.array([np.nan, np.inf, np.nan])}))
    with pytest.raises(FigureError, match="The loss of run 1 is not a finite number at any of its 3 points"):
        make_spec(workbook, [run], "loss")


def test_a_gradient_of_exactly_0_asks_for_a_linear_axis(workbook: Workbook) -> None:
    run = add_idle_run(workbook)
    zero = np.zeros(LENGTH)
    workbook.film.append(run, 0, {"gradient-norm/1.h": zero, "gradient-norm/1.c": zero})
    with pytest.raises(FigureError, match="never above 0, so a logarithmic axis shows nothing"):
        make_spec(workbook, [run], "gradient-flow")
    assert make_spec(workbook, [run], "gradient-flow", scale="linear")


def test_a_cell_without_memory_has_no_spectrum(workbook: Workbook) -> None:
    run = add_idle_run(workbook, cell="feedforward")
    workbook.film.append(run, 0, {"values/1.h": np.zeros((LENGTH, UNITS))})
    with pytest.raises(FigureError, match="has no recurrent matrix, so no spectrum"):
        make_spec(workbook, [run], "spectrum")


def test_figures_of_one_run_refuse_several_and_an_unknown_run_is_named(book: Workbook) -> None:
    with pytest.raises(FigureError, match=r"shows one run\. Several runs fit into loss, metric, by-length"):
        make_spec(book, [1, 2], "states")
    with pytest.raises(UnknownRun, match="There is no run 7"):
        make_spec(book, [7], "loss")


def test_a_run_says_what_can_be_chosen(book: Workbook, workbook: Workbook) -> None:
    offered = choices(book, 1)
    assert offered.metrics == ("mse", "within 0.04")
    assert offered.values == ("h", "c", "f", "i", "o")
    assert (offered.layers, offered.steps) == ((1,), FILM)
    assert offered.matrices == ("W_fh", "W_ih", "W_oh", "W_ch")
    empty = choices(workbook, add_idle_run(workbook))
    assert (empty.metrics, empty.values, empty.steps, empty.matrices) == ((), (), (), ())


@pytest.mark.parametrize("kind", FIGURES)
def test_every_choice_that_is_offered_makes_a_figure(book: Workbook, decoded: Workbook, kind: str) -> None:
    workbook = decoded if kind == "attention" else book
    offered = choices(workbook, 1)
    for name, field in FIGURES[kind].options.model_fields.items():
        assert field.title
        assert field.description
        extra = field.json_schema_extra
        assert isinstance(extra, dict)
        source = extra.get("choices")
        for choice in getattr(offered, str(source)) if source else ():
            assert make_spec(workbook, [1], kind, **{name: choice}).description.endswith(".")
