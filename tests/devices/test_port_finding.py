"""Ports by identity: what is listed is pyserial's own, of adapters that were never plugged in here."""

import pytest
from adapters import CH340, FTDI, adapter
from serial.tools.list_ports import comports
from serial.tools.list_ports_common import ListPortInfo

from devices.port_error import PortError
from devices.port_finding import FoundPort, PortChoice, find


def found(choice, *ports):
    return find(choice, lambda: iter(ports))


def refused(choice, *ports):
    with pytest.raises(PortError) as error:
        found(choice, *ports)
    return error.value


def test_a_port_by_its_path_is_taken_as_it_is():
    assert found(PortChoice("/dev/ttyS0")) == FoundPort("/dev/ttyS0", "/dev/ttyS0")


def test_a_port_by_its_path_says_which_adapter_stands_behind_it():
    ports = [adapter("/dev/ttyUSB0", location="1-1.2"), adapter("/dev/ttyUSB1", location="1-1.3")]
    assert found(PortChoice("/dev/ttyUSB1"), *ports) == ("/dev/ttyUSB1", "/dev/ttyUSB1 (1a86:7523 at 1-1.3)")


def test_the_only_adapter_with_the_ids_is_taken_wherever_it_is():
    choice = PortChoice(usb="1a86:7523")
    other = adapter("/dev/ttyUSB0", FTDI, "A50285BI", "1-1.1")
    assert found(choice, other, adapter("/dev/ttyUSB1", location="1-1.2")) == ("/dev/ttyUSB1", "1a86:7523 at 1-1.2")
    assert found(choice, adapter("/dev/ttyUSB0", location="1-1.4"), other) == ("/dev/ttyUSB0", "1a86:7523 at 1-1.4")


def test_an_adapter_with_a_serial_number_is_recognised_by_it():
    ports = [adapter("/dev/ttyUSB0", FTDI, "A1", "1-1.1"), adapter("/dev/ttyUSB1", FTDI, "A2", "1-1.2")]
    choice = PortChoice(usb="0403:6001", serial="A2")
    assert found(choice, *ports) == ("/dev/ttyUSB1", "0403:6001 serial A2")
    ports[0].device, ports[1].device = ports[1].device, ports[0].device
    assert found(choice, *ports) == ("/dev/ttyUSB0", "0403:6001 serial A2")


def test_two_like_adapters_are_told_apart_by_the_socket_they_are_in():
    ports = [adapter("/dev/ttyUSB0", location="1-1.2"), adapter("/dev/ttyUSB1", location="1-1.20")]
    assert found(PortChoice(usb="1a86:7523", location="1-1.2"), *ports).path == "/dev/ttyUSB0"
    assert found(PortChoice(usb="1a86:7523", location="1-1.20"), *ports).path == "/dev/ttyUSB1"


def test_an_adapter_with_several_ports_is_known_by_its_socket_and_its_interface():
    ports = [adapter("/dev/ttyUSB0", FTDI, "A1", "1-1.2:1.0"), adapter("/dev/ttyUSB1", FTDI, "A1", "1-1.2:1.1")]
    assert found(PortChoice(usb="0403:6001", location="1-1.2:1.1"), *ports).path == "/dev/ttyUSB1"
    assert found(PortChoice(usb="0403:6001", location="1-1.2"), ports[0]).path == "/dev/ttyUSB0"
    assert refused(PortChoice(usb="0403:6001", location="1-1.2"), *ports).cause == "ambiguous"


def test_no_adapter_that_fits_is_missing_and_what_is_there_is_named():
    error = refused(PortChoice(usb="1a86:7523", location="1-1.2"), adapter("/dev/ttyUSB3", location="1-1.3"))
    assert error.cause == "missing"
    assert str(error) == ("no port is usb 1a86:7523 at 1-1.2: plugged in is /dev/ttyUSB3 (no serial number, at 1-1.3)")
    assert "nothing with these ids is plugged in" in str(refused(PortChoice(usb="1a86:7523"), ListPortInfo("/dev/x")))


@pytest.mark.parametrize(
    ("serials", "locations", "remedy"),
    [
        ((None, None), ("1-1.2", "1-1.3"), 'write usb = "1a86:7523" with location = "1-1.2"'),
        (("0001", "0001"), ("1-1.2", "1-1.3"), 'write usb = "1a86:7523" with location = "1-1.2"'),
        (("A1", "A2"), ("1-1.2", "1-1.3"), 'write usb = "1a86:7523" with serial = "A1"'),
        ((None, None), (None, None), "plug in only the one that is meant"),
    ],
)
def test_of_several_that_fit_none_is_taken_and_what_to_write_is_said(serials, locations, remedy):
    ports = [adapter(f"/dev/ttyUSB{n}", CH340, serials[n], locations[n]) for n in (0, 1)]
    error = refused(PortChoice(usb="1a86:7523"), *ports)
    assert error.cause == "ambiguous"
    assert "/dev/ttyUSB0" in str(error)
    assert "/dev/ttyUSB1" in str(error)
    assert remedy in str(error)


@pytest.fixture
def by_id(tmp_path):
    """A name as udev makes it, leading to the first of two devices."""
    (tmp_path / "by-id").mkdir()
    link = tmp_path / "by-id" / "usb-1a86_USB_Serial-if00-port0"
    for name in ("ttyUSB0", "ttyUSB1"):
        (tmp_path / name).touch()
    link.symlink_to(tmp_path / "ttyUSB0")
    return link


def test_a_by_id_name_is_taken_while_one_port_bears_it(by_id, tmp_path):
    ports = [adapter(tmp_path / "ttyUSB0", location="1-1.2"), adapter(tmp_path / "ttyUSB1", FTDI, "A1", "1-1.3")]
    assert found(PortChoice(str(by_id)), *ports) == (str(by_id), f"{by_id} (1a86:7523 at 1-1.2)")


def test_a_by_id_name_that_two_like_adapters_share_is_not_taken(by_id, tmp_path):
    ports = [adapter(tmp_path / f"ttyUSB{n}", location=f"1-1.{n}") for n in (0, 1)]
    error = refused(PortChoice(str(by_id)), *ports)
    assert error.cause == "ambiguous"
    assert f"{by_id} is the name of 2 ports" in str(error)
    assert 'write usb = "1a86:7523" with location = "1-1.0"' in str(error)


def test_two_ports_of_one_adapter_have_by_id_names_of_their_own(by_id, tmp_path):
    ports = [adapter(tmp_path / f"ttyUSB{n}", FTDI, "A1", f"1-1.2:1.{n}") for n in (0, 1)]
    assert found(PortChoice(str(by_id)), *ports).path == str(by_id)


def test_a_by_id_name_that_leads_to_nothing_is_left_to_the_opening(by_id, tmp_path):
    (tmp_path / "ttyUSB0").unlink()
    by_id.unlink()
    assert found(PortChoice(str(by_id))).path == str(by_id)


def test_a_list_that_breaks_while_an_adapter_is_pulled_out_is_no_more_than_a_missing_port():
    def pulled_out():
        return [int(None, 16)]

    with pytest.raises(PortError) as error:
        find(PortChoice(usb="1a86:7523"), pulled_out)
    assert error.value.cause == "missing"


def test_the_real_list_of_this_machine_can_be_searched():
    with pytest.raises(PortError):
        find(PortChoice(usb="ffff:ffff"), comports)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({}, "either by its path or by its USB ids"),
        ({"path": "/dev/ttyS0", "usb": "1a86:7523"}, "either by its path or by its USB ids"),
        ({"path": "/dev/ttyS0", "serial": "A1"}, "belong to USB ids"),
        ({"usb": "1A86:7523"}, "eight hex digits in lower case"),
        ({"usb": "1a867523"}, "eight hex digits in lower case"),
    ],
)
def test_a_choice_that_no_port_can_fit_is_refused(keys, problem):
    with pytest.raises(ValueError, match=problem):
        PortChoice(**keys)
