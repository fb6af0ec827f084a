from steps.launching import window_command


def test_the_command_that_opens_the_window_can_be_typed_in_the_checkout() -> None:
    assert window_command().startswith(".venv")
    assert "rnn-workbench" in window_command()
