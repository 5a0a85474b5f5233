import { given } from '../given.js';

/** A variable of the device model and where it is (OCPP 2.0.1 part 1 §4). */
export interface VariablePath {
  readonly component: {
    readonly name: string;
    readonly instance?: string;
    readonly evse?: { readonly id: number; readonly connectorId?: number };
  };
  readonly variable: { readonly name: string; readonly instance?: string };
}

/** `Component[(instance)][@evse[.connector]].Variable[(instance)]` */
export function nameOf({ component, variable }: VariablePath): string {
  const { evse } = component;
  const connector = evse?.connectorId === undefined ? '' : `.${evse.connectorId}`;
  const at = evse ? `@${evse.id}${connector}` : '';
  return `${withInstance(component)}${at}.${withInstance(variable)}`;
}

const withInstance = ({ name, instance }: { readonly name: string; readonly instance?: string }): string =>
  instance === undefined ? name : `${name}(${instance})`;

const pattern = /^([^()]+?)(?:\(([^()]*)\))?(?:@(\d+)(?:\.(\d+))?)?\.([^.()]+)(?:\(([^()]*)\))?$/;

/** The reverse of {@link nameOf}; undefined for a text that names no variable. */
export function pathOf(name: string): VariablePath | undefined {
  const [, component, instance, evse, connector, variable, variableInstance] = pattern.exec(name) ?? [];
  if (component === undefined || variable === undefined) return undefined;
  const at = evse === undefined ? undefined : { id: Number(evse), ...given({ connectorId: numberOf(connector) }) };
  return {
    component: { name: component, ...given({ instance, evse: at }) },
    variable: { name: variable, ...given({ instance: variableInstance }) },
  };
}

const numberOf = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number(digits);
