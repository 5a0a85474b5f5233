import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Result {
  /** Rounds of the scenario a second: calls, or whole cycles of calls. */
  readonly perSecond: number;
  /** Of one call. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

type Payload = Readonly<Record<string, unknown>>;

/** One connection of the load: a call that waits for its answer. */
export interface Client {
  readonly index: number;
  call(action: string, payload: Payload): Promise<Payload>;
}

export interface OpenClient extends Client {
  readonly socket: WebSocket;
  /** The milliseconds of each call since the last look. */
  latencies: number[];
}

export async function openClient(url: string, index: number, password?: string): Promise<OpenClient> {
  const socket = new WebSocket(url, 'ocpp1.6', {
    perMessageDeflate: false,
    ...(password !== undefined && { auth: `CP${index}:${password}` }),
  });
  await once(socket, 'open');
  let sentAt = 0;
  let settle: ((payload: Payload) => void) | undefined;
  let counter = 0;
  const client: OpenClient = {
    index,
    socket,
    latencies: [],
    call: (action, payload) =>
      new Promise((resolve) => {
        settle = resolve;
        sentAt = performance.now();
        counter += 1;
        socket.send(JSON.stringify([2, String(counter), action, payload]));
      }),
  };
  socket.on('message', (data: Buffer) => {
    client.latencies.push(performance.now() - sentAt);
    const [type, , payload] = JSON.parse(data.toString()) as [number, string, Payload];
    if (type !== 3) throw new Error(`refused: ${data.toString()}`);
    settle?.(payload);
  });
  return client;
}

/** Every client plays rounds one after the other, all side by side. */
export async function load(
  clients: readonly OpenClient[],
  seconds: number,
  round: (client: Client) => Promise<unknown>,
): Promise<Result> {
  const until = performance.now() + seconds * 1000;
  let rounds = 0;
  await Promise.all(
    clients.map(async (client) => {
      client.latencies = [];
      while (performance.now() < until) {
        await round(client);
        rounds += 1;
      }
    }),
  );
  const latencies = clients.flatMap((client) => client.latencies).sort((a, b) => a - b);
  const quantile = (q: number): number => latencies[Math.floor(latencies.length * q)] ?? NaN;
  return { perSecond: rounds / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
