"""Every error the training half raises on purpose.

TrainingError
├── ConfigError        a setting is missing, unknown or impossible
├── DataError          the dataset cannot be read as it stands
├── ModelError         the base model cannot be found, read or used
├── WeightsError       an adapter or embedding file cannot be read or written
├── CheckpointError    no saved state of a run can be trusted
├── RunError           a run folder cannot be created, read or continued
├── GenerateError      a request for pictures cannot be carried out
├── LossNotFinite      the loss or a gradient became NaN or infinite
├── OutOfMemory        the device has too little memory for the settings
└── CannotWrite        a file or folder cannot be written (also an OSError)

A message says what happened, why, and what to do, in one or two sentences. Only the command line and
the views of the app catch the family; everything else is a bug and keeps its traceback.
"""


class TrainingError(Exception):
    """Root of the family; its text is meant to be shown to the user as it is."""


class ConfigError(TrainingError):
    """A setting is missing, unknown or impossible."""


class DataError(TrainingError):
    """The dataset cannot be read as it stands."""


class ModelError(TrainingError):
    """The base model cannot be found, read or used."""


class WeightsError(TrainingError):
    """An adapter or embedding file cannot be read or written."""


class CheckpointError(TrainingError):
    """No saved state of a run can be trusted."""


class RunError(TrainingError):
    """A run folder cannot be created, read or continued."""


class GenerateError(TrainingError):
    """A request for pictures cannot be carried out."""


class LossNotFinite(TrainingError):
    """The loss or a gradient became NaN or infinite."""


class OutOfMemory(TrainingError):
    """The device has too little memory for the settings."""


class CannotWrite(TrainingError, OSError):
    """A file or folder cannot be written; `errno` keeps the system's reason."""
