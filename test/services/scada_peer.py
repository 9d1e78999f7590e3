"""A SCADA client of another house (asyncua): encrypted, logged in, subscribed to alarms and conditions.

Usage: scada_peer.py ENDPOINT FOLDER USER PASSWORD
Its certificate and key are made in FOLDER; the server's is taken from its endpoint. Says `ready` once it is subscribed and has
refreshed, or `failed REASON`; then `event {json}` for each condition's event and `value VALUE STATUS` for each change of the
point tanks/t-1. Understands `ack CONDITION EVENTID-HEX COMMENT`, `confirm …`, `comment …`, `shelve CONDITION MS`,
`unshelve CONDITION`, `refresh`, each answered `done STATUS`.
"""

import asyncio
import json
import sys
from pathlib import Path

from asyncua import Client, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from cryptography.x509.oid import ExtendedKeyUsageOID

URI = "urn:scada:peer"
FIELDS = ["Message", "Severity", "ConditionName", "SourceName", "Retain", "ClientUserId", "Comment"]


class Handler:
    def event_notification(self, event):
        if getattr(event, "NodeId", None) is None:
            return
        said = {name: plain(getattr(event, name, None)) for name in FIELDS}
        said["condition"] = event.NodeId.to_string()
        said["eventId"] = event.EventId.hex()
        for name, value in vars(event).items():
            if name.replace("/", "").replace(".", "") in ("ActiveStateId", "AckedStateId"):
                said[name[: name.index("State")].lower()] = value
        print("event", json.dumps(said, ensure_ascii=False), flush=True)

    def datachange_notification(self, node, value, data):
        print("value", value, data.monitored_item.Value.StatusCode.name, flush=True)


def plain(value):
    return value.Text if isinstance(value, ua.LocalizedText) else value


async def called(calling):
    try:
        await calling
        print("done Good", flush=True)
    except ua.UaStatusCodeError as error:
        print("done", ua.status_codes.get_name_and_doc(error.code)[0], flush=True)


async def obey(client, subscription, line):
    command, *words = line.split(maxsplit=3)
    if command == "refresh":
        target = client.get_node(ua.ObjectIds.ConditionType)
        return await target.call_method(ua.NodeId(ua.ObjectIds.ConditionType_ConditionRefresh), ua.Variant(subscription.subscription_id, ua.VariantType.UInt32))
    condition = client.get_node(words[0])
    if command in ("shelve", "unshelve"):
        shelf = await condition.get_child("0:ShelvingState")
        if command == "unshelve":
            return await shelf.call_method("0:Unshelve")
        return await shelf.call_method("0:TimedShelve", ua.Variant(float(words[1]), ua.VariantType.Double))
    method = {"ack": "0:Acknowledge", "confirm": "0:Confirm", "comment": "0:AddComment"}[command]
    comment = ua.LocalizedText(words[2] if len(words) > 2 else "")
    await condition.call_method(method, bytes.fromhex(words[1]), comment)


async def main():
    endpoint, folder, user, password = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]
    cert, key = folder / "scada.der", folder / "scada.pem"
    if not cert.exists():
        usage = [ExtendedKeyUsageOID.CLIENT_AUTH]
        await setup_self_signed_certificate(key, cert, URI, "127.0.0.1", usage, {"commonName": "scada"})
    client = Client(endpoint, timeout=30)
    client.application_uri = URI
    client.set_user(user)
    client.set_password(password)
    try:
        await client.set_security(SecurityPolicyBasic256Sha256, str(cert), str(key))
        await client.connect()
    except Exception as error:
        print("failed", type(error).__name__, error, flush=True)
        return
    async with Connected(client):
        subscription = await client.create_subscription(100, Handler())
        namespace = await client.get_namespace_index("urn:davylamp")
        await subscription.subscribe_data_change(client.get_node(ua.NodeId("point/plant/tanks/t-1", namespace)))
        types = [client.get_node(ua.ObjectIds.AlarmConditionType)]
        await subscription.subscribe_alarms_and_conditions(evtypes=types)
        await obey(client, subscription, "refresh")
        print("ready", flush=True)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            await called(obey(client, subscription, line.strip()))


class Connected:
    def __init__(self, client):
        self.client = client

    async def __aenter__(self):
        return self.client

    async def __aexit__(self, *_):
        await self.client.disconnect()


asyncio.run(main())
