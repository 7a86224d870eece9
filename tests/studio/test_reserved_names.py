"""Names of devices are told from names that only begin like them, and no dataset gets one."""

from __future__ import annotations

import pytest

from studio.errors import BadInput
from studio.reserved_names import is_reserved
from studio.workspace import create_dataset


@pytest.mark.parametrize("name", ["con", "NUL.png", "com1.tar.gz", "Lpt9", "aux .txt"])
def test_devices_are_reserved_and_no_dataset_gets_their_name(home, name):
    assert is_reserved(name)
    with pytest.raises(BadInput, match="cannot be a dataset's name"):
        create_dataset(name)


@pytest.mark.parametrize("name", ["console", "com", "com10", "a.con", "prints"])
def test_other_names_are_free(home, name):
    assert not is_reserved(name)
    assert create_dataset(name).catalog_path.is_file()
