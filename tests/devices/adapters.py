"""USB adapters as pyserial lists them, of devices that were never plugged in here."""

from serial.tools.list_ports_common import ListPortInfo

CH340 = (0x1A86, 0x7523)
FTDI = (0x0403, 0x6001)


def adapter(device, ids=CH340, serial=None, location=None):
    port = ListPortInfo(str(device))
    port.vid, port.pid = ids
    port.serial_number, port.location = serial, location
    return port
