import type * as messages from 'typed-ocpp/dist/ocpp20/types.js';
import type { DeviceVariable } from '../../../src/domain/device.js';
import { given } from '../../given.js';
import { instantOf } from '../time.js';
import { nameOf } from '../variables.js';
import type { Handler } from './handler.js';

/** Keeps what it is told for the operator to look at, and answers `payload`; `at` finds when it was. */
export const notice =
  <Request extends object>(
    payload: object,
    at: (request: Request) => string | undefined = () => undefined,
  ): Handler<Request> =>
  async (request, { action }, peer) => {
    await peer.events.deviceReported(peer.chargePointId, {
      type: 'notice',
      what: action,
      at: instantOf(at(request)),
      data: Object.fromEntries(Object.entries(request)),
    });
    return { payload };
  };

/** OCPP 2.0.1 §B07, §B08 NotifyReport: a part of the device model. */
export const report: Handler<messages.NotifyReportRequest> = async (
  { requestId, reportData = [], seqNo },
  _call,
  peer,
) => {
  await peer.events.deviceReported(peer.chargePointId, {
    type: 'variables',
    variables: reportData.flatMap(variablesOf),
    requestId,
    first: seqNo === 0,
  });
  const payload: messages.NotifyReportResponse = {};
  return { payload };
};

const variablesOf = (data: messages.ReportDataType): readonly DeviceVariable[] =>
  data.variableAttribute.map(({ type = 'Actual', value, mutability }) => ({
    name: nameOf(data),
    attribute: type,
    ...given({
      value,
      mutability,
      unit: data.variableCharacteristics?.unit,
      dataType: data.variableCharacteristics?.dataType,
    }),
  }));

/** OCPP 2.0.1 §P02 DataTransfer: no vendor's messages are known. */
export const dataTransfer: Handler<messages.DataTransferRequest> = async ({ vendorId, messageId }, _call, peer) => {
  peer.log.info({ vendorId, messageId }, 'data transfer of an unknown vendor');
  const payload: messages.DataTransferResponse = { status: 'UnknownVendorId' };
  return { payload };
};
