"""Commands about what is seen and how."""

from functools import partial

from workbench.gui.commands.commands import Command
from workbench.gui.context import Context
from workbench.gui.theme import MODES, Mode, theme

MENU = "View"
_MODES = {"system": "Theme of the system", "light": "Light theme", "dark": "Dark theme"}


def view_commands(context: Context) -> tuple[Command, ...]:
    """Return the commands of the View menu."""
    workspace, film = context.workspace, context.session.film
    panels = tuple(
        Command(
            f"view.{name}",
            panel.title,
            MENU,
            partial(workspace.toggle, name),
            tip=f"Show or hide: {panel.title}",
            checked=partial(workspace.is_shown, name),
            words="panel show hide",
        )
        for name, panel in workspace.panels.items()
    )
    modes = tuple(
        Command(
            f"view.theme.{mode}",
            _MODES[mode],
            MENU,
            partial(_choose, context, mode),
            checked=partial(_is_chosen, mode),
            words="colours dark light appearance",
            starts_group=mode == MODES[0],
        )
        for mode in MODES
    )
    return (
        *panels,
        Command("view.all", "Show all panels", MENU, workspace.show_all, icon="layout"),
        Command(
            "view.live",
            "Follow the newest snapshot",
            MENU,
            film.go_live,
            icon="follow",
            shortcut="Ctrl+L",
            why_not=lambda: "" if film.steps else "There is no film yet.",
            words="live film",
            starts_group=True,
        ),
        Command(
            "view.play",
            "Play the film, or stop it",
            MENU,
            workspace.film_bar.play_or_pause,
            icon="play",
            shortcut="K",
            why_not=lambda: "" if len(film.steps) > 1 else "There is no film yet.",
            words="movie animate pause",
        ),
        Command(
            "view.earlier",
            "Earlier snapshot",
            MENU,
            lambda: film.go_by(-1),
            shortcut="Alt+Left",
            why_not=lambda: "" if film.steps else "There is no film yet.",
        ),
        Command(
            "view.later",
            "Later snapshot",
            MENU,
            lambda: film.go_by(1),
            shortcut="Alt+Right",
            why_not=lambda: "" if film.steps else "There is no film yet.",
        ),
        *modes,
    )


def _is_chosen(mode: Mode) -> bool:
    return theme().mode == mode


def _choose(context: Context, mode: Mode) -> None:
    theme().apply(mode)
    context.memory.set_text("theme", mode)
    context.commands.refresh()
