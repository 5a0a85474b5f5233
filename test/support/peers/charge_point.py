"""A charge point by The Mobility House's `ocpp`: a whole charge, then what it saw as one line of JSON.

Arguments: URL without the id, id, password. It answers RemoteStartTransaction after the boot and starts by it.
"""

import asyncio
import json
import sys
from base64 import b64encode
from datetime import datetime, timezone

import websockets
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result


class Peer(ChargePoint):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.remote_start = asyncio.get_running_loop().create_future()

    @on("RemoteStartTransaction")
    def on_remote_start(self, id_tag, connector_id=None, **_):
        self.remote_start.set_result([id_tag, connector_id])
        return call_result.RemoteStartTransaction(status="Accepted")


def now():
    return datetime.now(timezone.utc).isoformat()


async def charge(peer):
    seen = {}
    boot = await peer.call(call.BootNotification(charge_point_model="Peer", charge_point_vendor="Python"))
    seen["boot"] = boot.status
    await peer.call(call.StatusNotification(connector_id=1, error_code="NoError", status="Available"))
    seen["authorize"] = (await peer.call(call.Authorize(id_tag="PYTAG"))).id_tag_info["status"]
    seen["remoteStart"] = await peer.remote_start
    start = await peer.call(
        call.StartTransaction(connector_id=1, id_tag="PYTAG", meter_start=1000, timestamp=now())
    )
    seen["start"] = [start.transaction_id, start.id_tag_info["status"]]
    sample = {"timestamp": now(), "sampled_value": [{"value": "1500", "unit": "Wh"}]}
    await peer.call(
        call.MeterValues(connector_id=1, transaction_id=start.transaction_id, meter_value=[sample])
    )
    stop = await peer.call(
        call.StopTransaction(
            meter_stop=2000, timestamp=now(), transaction_id=start.transaction_id, id_tag="PYTAG", reason="Local"
        )
    )
    seen["stop"] = stop.id_tag_info["status"]
    return seen


async def main(url, identity, password):
    credentials = b64encode(f"{identity}:{password}".encode()).decode()
    async with websockets.connect(
        f"{url}/{identity}",
        subprotocols=["ocpp1.6"],
        additional_headers={"Authorization": f"Basic {credentials}"},
    ) as socket:
        peer = Peer(identity, socket)
        listening = asyncio.create_task(peer.start())
        try:
            print(json.dumps(await asyncio.wait_for(charge(peer), 20)))
        finally:
            listening.cancel()


asyncio.run(main(*sys.argv[1:4]))
