"""The set-up form: an experiment being edited, and the widgets that are derived from its fields."""
