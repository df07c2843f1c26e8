"""Tests of the connectors. The contract lives in `contract`, whose assertions are to explain themselves like any test's."""

import pytest

pytest.register_assert_rewrite("tests.connectors.contract")
