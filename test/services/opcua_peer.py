"""An OPC UA server of another house (asyncua): signed and encrypted, with users, status codes and a history of its own.

Usage: opcua_peer.py FOLDER [PORT]
Says `ready PORT`. Understands `set NAME VALUE [STATUS]` (answered `done`). Its certificate and key are made in FOLDER.
Users: davy with password lamp. Variables: ns=2;s=level (Double, with history), fan (Boolean), pulses (UInt64), camera (String).
"""

import asyncio
import sys
from datetime import datetime, timezone
from pathlib import Path

from asyncua import Server, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.permission_rules import User, UserRole
from cryptography.x509.oid import ExtendedKeyUsageOID


class Users:
    def get_user(self, iserver, username=None, password=None, certificate=None):
        if username == "davy" and password == "lamp":
            return User(role=UserRole.User, name=username)
        return None


TYPES = {
    "level": (1.5, ua.VariantType.Double, float),
    "fan": (True, ua.VariantType.Boolean, lambda text: text == "true"),
    "pulses": (2**60, ua.VariantType.UInt64, int),
    "camera": ("online", ua.VariantType.String, str),
}


async def main():
    folder = Path(sys.argv[1])
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if port == 0:
        import socket

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    server = Server(user_manager=Users())
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/plant")
    uri = "urn:plant:peer"
    await server.set_application_uri(uri)
    cert, key = folder / "peer.der", folder / "peer.pem"
    await setup_self_signed_certificate(
        key, cert, uri, "127.0.0.1", [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH], {"commonName": "peer"}
    )
    await server.load_certificate(str(cert))
    await server.load_private_key(str(key))
    server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt, ua.SecurityPolicyType.NoSecurity])
    namespace = await server.register_namespace("urn:plant:tags")
    plant = await server.nodes.objects.add_object(ua.NodeId("plant", namespace), "plant")
    nodes = {}
    for name, (value, kind, _) in TYPES.items():
        nodes[name] = await plant.add_variable(ua.NodeId(name, namespace), name, value, kind)
    async with server:
        await server.historize_node_data_change(nodes["level"], period=None, count=1000)
        print("ready", port, flush=True)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            _, name, value, *status = line.split()
            _, kind, parse = TYPES[name]
            now = datetime.now(timezone.utc)
            code = getattr(ua.StatusCodes, status[0]) if status else ua.StatusCodes.Good
            await nodes[name].write_value(
                ua.DataValue(ua.Variant(parse(value), kind), ua.StatusCode(code), SourceTimestamp=now, ServerTimestamp=now)
            )
            print("done", flush=True)


asyncio.run(main())
