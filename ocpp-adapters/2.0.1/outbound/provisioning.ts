import { given } from '../../given.js';
import { pathOf } from '../variables.js';
import { ask, type Preparations, type Prepared, refused } from './ask.js';
import { newRequestId } from './remote-control.js';

/** The device model, firmware, logs and vendors' messages (OCPP 2.0.1 §B, §L, §N, §P). */
export const provisioning: Preparations<
  | 'getConfiguration'
  | 'changeConfiguration'
  | 'setPassword'
  | 'setSecurityProfile'
  | 'getReport'
  | 'updateFirmware'
  | 'getLog'
  | 'dataTransfer'
> = {
  // all of them come in reports (§B07)
  getConfiguration: ({ keys }) => (keys.length === 0 ? fullReport(newRequestId()) : getVariables(keys)),
  changeConfiguration: ({ key, value }) => setVariable(key, value),
  setPassword: ({ password }) => setVariable('SecurityCtrlr.BasicAuthPassword', password),
  // it takes the URL to connect to as well, which only the operator knows (§B09)
  setSecurityProfile: () =>
    refused('not-supported', 'OCPP 2.x changes the security profile by a network profile: call SetNetworkProfile'),
  getReport: ({ requestId }) => fullReport(requestId),
  updateFirmware: ({ requestId, url, retrieveAt, installAt, signature, signingCertificate }) => {
    if ((signature === undefined) !== (signingCertificate === undefined)) {
      return refused('invalid', 'a signed update needs both the signature and the certificate');
    }
    return ask('UpdateFirmware', {
      requestId,
      firmware: {
        location: url,
        retrieveDateTime: retrieveAt,
        ...given({ installDateTime: installAt, signature, signingCertificate }),
      },
    });
  },
  getLog: ({ requestId, log, url, from, to }) =>
    ask('GetLog', {
      logType: log === 'security' ? 'SecurityLog' : 'DiagnosticsLog',
      requestId,
      log: { remoteLocation: url, ...given({ oldestTimestamp: from, latestTimestamp: to }) },
    }),
  dataTransfer: ({ vendorId, messageId, data }) =>
    ask('DataTransfer', {
      vendorId,
      ...given({ messageId }),
      // "without specified length or format" (§P): text is as good as an object
      ...(data !== undefined && { data: data as unknown as Record<string, unknown> }),
    }),
};

const fullReport = (requestId: number): Prepared => ask('GetBaseReport', { requestId, reportBase: 'FullInventory' });

function getVariables(keys: readonly string[]): Prepared {
  const paths = keys.map((key) => ({ key, path: pathOf(key) }));
  const wrong = paths.find(({ path }) => !path);
  if (wrong) return noVariable(wrong.key);
  return ask('GetVariables', { getVariableData: paths.flatMap(({ path }) => (path ? [path] : [])) });
}

function setVariable(key: string, attributeValue: string): Prepared {
  const path = pathOf(key);
  return path ? ask('SetVariables', { setVariableData: [{ attributeValue, ...path }] }) : noVariable(key);
}

const noVariable = (key: string): Prepared =>
  refused('invalid', `${key} is no variable: Component[(instance)][@evse[.connector]].Variable[(instance)]`);
