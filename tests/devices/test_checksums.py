"""The checksums against the check values that each is published with: those over the digits 1 to 9."""

import pytest

from devices.checksums import CHECKSUMS

CHECKED = b"123456789"
PUBLISHED = {
    "none": "",
    "sum8": "DD",
    "neg8": "23",
    "xor8": "31",
    "crc8": "F4",
    "crc16-modbus": "37 4B",
    "crc16-ccitt": "29 B1",
    "crc16-xmodem": "31 C3",
}


def test_each_checksum_has_its_published_value():
    assert {name: checksum.of(CHECKED).hex(" ").upper() for name, checksum in CHECKSUMS.items()} == PUBLISHED


@pytest.mark.parametrize("name", CHECKSUMS)
@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff" * 300])
def test_each_has_its_size_whatever_it_is_taken_over(name, data):
    assert len(CHECKSUMS[name].of(data)) == CHECKSUMS[name].size


def test_a_frame_and_its_negated_sum_add_up_to_nothing():
    assert (sum(CHECKED) + CHECKSUMS["neg8"].of(CHECKED)[0]) & 0xFF == 0
