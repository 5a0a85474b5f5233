"""A charging station by The Mobility House's `ocpp`: a whole charge, then what it saw as one line of JSON.

Arguments: URL without the id, id, password, subprotocol (ocpp2.0.1 or ocpp2.1). It answers RequestStartTransaction after
the boot and starts by it.
"""

import asyncio
import importlib
import json
import sys
from base64 import b64encode
from datetime import datetime, timezone

import websockets
from ocpp.routing import on

MODULES = {"ocpp2.0.1": "ocpp.v201", "ocpp2.1": "ocpp.v21"}
TOKEN = {"id_token": "04A1B2C3", "type": "ISO14443"}


def now():
    return datetime.now(timezone.utc).isoformat()


def meter(value, context):
    sample = {"value": value, "context": context, "unit_of_measure": {"unit": "kWh"}}
    return [{"timestamp": now(), "sampled_value": [sample]}]


async def charge(peer, call):
    seen = {}
    station = {"vendor_name": "Python", "model": "Peer", "serial_number": "P1"}
    seen["boot"] = (await peer.call(call.BootNotification(charging_station=station, reason="PowerUp"))).status
    await peer.call(
        call.StatusNotification(timestamp=now(), connector_status="Available", evse_id=1, connector_id=1)
    )
    seen["authorize"] = (await peer.call(call.Authorize(id_token=TOKEN))).id_token_info["status"]
    seen["remoteStart"] = await peer.remote_start

    async def step(event_type, seq_no, trigger_reason, **fields):
        info = {"transaction_id": "T-1", **fields.pop("info", {})}
        answer = await peer.call(
            call.TransactionEvent(
                event_type=event_type,
                timestamp=now(),
                trigger_reason=trigger_reason,
                seq_no=seq_no,
                transaction_info=info,
                evse={"id": 1, "connector_id": 1},
                **fields,
            )
        )
        return answer.id_token_info and answer.id_token_info["status"]

    seen["started"] = await step(
        "Started",
        0,
        "RemoteStart",
        info={"charging_state": "Charging", "remote_start_id": seen["remoteStart"]["remote_start_id"]},
        id_token=TOKEN,
        meter_value=meter(1.0, "Transaction.Begin"),
    )
    seen["updated"] = await step("Updated", 1, "MeterValuePeriodic", meter_value=meter(1.5, "Sample.Periodic"))
    seen["ended"] = await step(
        "Ended",
        2,
        "StopAuthorized",
        info={"stopped_reason": "Local"},
        id_token=TOKEN,
        meter_value=meter(2.0, "Transaction.End"),
    )
    return seen


async def main(url, identity, password, protocol):
    version = MODULES[protocol]
    base = importlib.import_module(version).ChargePoint
    call = importlib.import_module(f"{version}.call")
    call_result = importlib.import_module(f"{version}.call_result")

    class Peer(base):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            self.remote_start = asyncio.get_running_loop().create_future()

        @on("RequestStartTransaction")
        def on_remote_start(self, **request):
            self.remote_start.set_result(request)
            return call_result.RequestStartTransaction(status="Accepted")

    credentials = b64encode(f"{identity}:{password}".encode()).decode()
    async with websockets.connect(
        f"{url}/{identity}",
        subprotocols=[protocol],
        additional_headers={"Authorization": f"Basic {credentials}"},
    ) as socket:
        peer = Peer(identity, socket)
        listening = asyncio.create_task(peer.start())
        try:
            print(json.dumps(await asyncio.wait_for(charge(peer, call), 20)))
        finally:
            listening.cancel()


asyncio.run(main(*sys.argv[1:5]))
