"""A Modbus server of another house (pymodbus), over TCP, serial frames over TCP, or a pair of pseudo-terminals as a serial line.

Usage: modbus_peer.py tcp|rtu|serial
Says `ready PORT` or `ready DEVICE`. Understands the lines `set ADDRESS VALUE` and `cut` (the line goes away).
Slave 1 holds in holding registers, encoded by pymodbus: 0 float32 3.14; 2 float32 word-swapped -2.5; 4 int64 -5;
8 float64 1e-9; 12 uint16 sentinel 65535; input registers 0 int16 -125; coils 0 to 9 every third set. Slave 2 the same.
"""

import asyncio
import os
import pty
import sys
import threading
import tty

from pymodbus import FramerType
from pymodbus.client import ModbusTcpClient as Client
from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.server import ModbusSerialServer, ModbusTcpServer

T = Client.DATATYPE
FILLED = 200


def words():
    held = [0] * FILLED
    for address, value, kind, order in (
        (0, 3.14, T.FLOAT32, "big"),
        (2, -2.5, T.FLOAT32, "little"),
        (4, -5, T.INT64, "big"),
        (8, 1e-9, T.FLOAT64, "big"),
        (12, 65535, T.UINT16, "big"),
    ):
        encoded = Client.convert_to_registers(value, kind, word_order=order)
        held[address : address + len(encoded)] = encoded
    return held


def device():
    # Blocks count from 1 where requests count from 0.
    return ModbusDeviceContext(
        hr=ModbusSequentialDataBlock(1, words()),
        ir=ModbusSequentialDataBlock(1, Client.convert_to_registers(-125, T.INT16) + [0] * FILLED),
        co=ModbusSequentialDataBlock(1, [i % 3 == 0 for i in range(FILLED)]),
        di=ModbusSequentialDataBlock(1, [False] * FILLED),
    )


def join(a, b):
    """Bytes of one master side of a pseudo-terminal to the other, both ways."""

    def carry(source, target):
        try:
            while True:
                os.write(target, os.read(source, 1024))
        except OSError:
            pass

    for pair in ((a, b), (b, a)):
        threading.Thread(target=carry, args=pair, daemon=True).start()


async def main():
    mode = sys.argv[1]
    context = ModbusServerContext({1: device(), 2: device()}, single=False)
    if mode == "serial":
        ends = [pty.openpty() for _ in range(2)]
        for _, slave in ends:
            tty.setraw(slave)
        ours, theirs = (os.ttyname(slave) for _, slave in ends)
        join(*(master for master, _ in ends))
        server = ModbusSerialServer(
            context, framer=FramerType.RTU, port=theirs, baudrate=19200, ignore_missing_devices=True
        )
        where = ours
    else:
        framer = FramerType.SOCKET if mode == "tcp" else FramerType.RTU
        server = ModbusTcpServer(context, framer=framer, address=("127.0.0.1", 0), ignore_missing_devices=True)
    await server.serve_forever(background=True)
    if mode != "serial":
        where = server.transport.sockets[0].getsockname()[1]
    print("ready", where, flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        match line.split():
            case ["set", address, value]:
                await server.async_setValues(1, 3, int(address), [int(value)])
                print("done", flush=True)
            case ["cut"]:
                # Both masters close: the device is gone, as an unplugged adapter is.
                os._exit(0)


asyncio.run(main())
