"""A charge point by The Mobility House's `ocpp`: a whole charge, then what it saw as one line of JSON.

Arguments: URL without the id, id, password. After its Authorize it answers what the server asks, starts by
RemoteStartTransaction, and tells of its firmware.
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
        self.asked = []

    @on("RemoteStartTransaction")
    def on_remote_start(self, id_tag, connector_id=None, **_):
        self.remote_start.set_result([id_tag, connector_id])
        return call_result.RemoteStartTransaction(status="Accepted")

    @on("ReserveNow")
    def on_reserve_now(self, connector_id, id_tag, reservation_id, **_):
        self.asked.append(["ReserveNow", connector_id, id_tag, reservation_id])
        return call_result.ReserveNow(status="Occupied")

    @on("SendLocalList")
    def on_send_local_list(self, list_version, update_type, local_authorization_list=None, **_):
        tags = [entry["id_tag"] for entry in local_authorization_list or []]
        self.asked.append(["SendLocalList", list_version, update_type, tags])
        return call_result.SendLocalList(status="Accepted")

    @on("GetLocalListVersion")
    def on_get_local_list_version(self, **_):
        return call_result.GetLocalListVersion(list_version=4)

    @on("SetChargingProfile")
    def on_set_charging_profile(self, connector_id, cs_charging_profiles, **_):
        period = cs_charging_profiles["charging_schedule"]["charging_schedule_period"][0]
        self.asked.append(["SetChargingProfile", connector_id, float(period["limit"])])
        return call_result.SetChargingProfile(status="Accepted")

    @on("SignedUpdateFirmware")
    def on_signed_update_firmware(self, request_id, firmware, **_):
        self.asked.append(["SignedUpdateFirmware", request_id, firmware["location"]])
        return call_result.SignedUpdateFirmware(status="Accepted")


def now():
    return datetime.now(timezone.utc).isoformat()


async def charge(peer):
    seen = {}
    boot = await peer.call(call.BootNotification(charge_point_model="Peer", charge_point_vendor="Python"))
    seen["boot"] = boot.status
    await peer.call(call.StatusNotification(connector_id=1, error_code="NoError", status="Available"))
    seen["authorize"] = (await peer.call(call.Authorize(id_tag="PYTAG"))).id_tag_info["status"]
    seen["remoteStart"] = await peer.remote_start
    seen["asked"] = peer.asked
    await peer.call(call.FirmwareStatusNotification(status="Installed"))
    await peer.call(call.SignedFirmwareStatusNotification(status="Installed", request_id=3))
    await peer.call(call.LogStatusNotification(status="Idle", request_id=4))
    await peer.call(call.SecurityEventNotification(type="FirmwareUpdated", timestamp=now(), tech_info="1.1"))
    seen["sign"] = (await peer.call(call.SignCertificate(csr="-----BEGIN CERTIFICATE REQUEST-----"))).status
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
