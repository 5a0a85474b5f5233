import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Queue } from '../ports.js';

/** Numbers in groups, e.g. `{ frames: { received: 3 } }`; groups may lie within groups. */
export type Counts = Readonly<Record<string, object | number>>;

export interface Metrics {
  /** The text that Prometheus reads. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** What Prometheus sees: the process, what the charge points' side counted, and how deliveries stand. */
export function createMetrics(ocpp: () => Counts, queue: Queue): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, prefix: 'roambridge_' });
  for (const group of Object.keys(ocpp())) addGroup(registers, group, () => ocpp()[group]);
  addQueue(registers, queue);
  return {
    text: () => register.metrics(),
    contentType: register.contentType,
  };
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function addGroup(registers: Registry[], group: string, counts: () => object | number | undefined): void {
  new Gauge({
    name: `roambridge_ocpp_${snakeCase(group)}`,
    help: `OCPP ${group} since the start, by what they were`,
    labelNames: ['what'],
    registers,
    collect() {
      for (const [what, value] of leaves(counts(), '')) this.set({ what }, value);
    },
  });
}

function leaves(counts: object | number | undefined, path: string): readonly (readonly [string, number])[] {
  if (counts === undefined) return [];
  if (typeof counts === 'number') return [[path, counts]];
  return Object.entries(counts).flatMap(([name, inner]) =>
    leaves(inner as object | number, path === '' ? snakeCase(name) : `${path}.${snakeCase(name)}`),
  );
}

function addQueue(registers: Registry[], queue: Queue): void {
  const byPartner = (
    name: string,
    help: string,
    value: (state: ReturnType<Queue['state']>[number]) => number,
  ): void => {
    new Gauge({
      name: `roambridge_delivery_${name}`,
      help,
      labelNames: ['partner'],
      registers,
      collect() {
        this.reset();
        for (const state of queue.state()) this.set({ partner: state.partnerId }, value(state));
      },
    });
  };
  byPartner('waiting', 'Deliveries that wait', ({ waiting }) => waiting);
  byPartner('running', 'Deliveries under way', ({ running }) => running);
  byPartner('circuit_open', '1 while nothing is sent to the partner', ({ circuit }) => Number(circuit !== 'closed'));
}
