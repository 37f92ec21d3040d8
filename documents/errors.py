"""The errors a person may meet: each is one sentence that says what to do, and knows its exit code."""


class GreentideError(Exception):
    """Base of every error that is shown as one sentence instead of a traceback."""

    exit_code = 2


class InputError(GreentideError):
    """Something that was handed in is missing, damaged or contradictory (exit code 2)."""

    exit_code = 2


class NoDataError(GreentideError):
    """The input is sound but holds nothing that can be used (exit code 3)."""

    exit_code = 3
