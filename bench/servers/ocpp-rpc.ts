import { createRequire } from 'node:module';

/** The rival: a server of npm `ocpp-rpc` that answers every call and saves nothing; strict with the argument `strict`. */
interface RpcServerClient {
  handle(handler: (call: { method: string }) => unknown): void;
}
interface RpcServer {
  auth(check: (accept: () => void) => void): void;
  on(event: 'client', listener: (client: RpcServerClient) => void): void;
  listen(port: number, host: string): Promise<{ address(): { port: number } }>;
}
const { RPCServer } = createRequire(import.meta.url)('ocpp-rpc') as {
  RPCServer: new (options: object) => RpcServer;
};

const now = (): string => new Date().toISOString();
let transactions = 0;
const answers: Readonly<Record<string, () => object>> = {
  BootNotification: () => ({ status: 'Accepted', interval: 300, currentTime: now() }),
  Authorize: () => ({ idTagInfo: { status: 'Accepted' } }),
  StartTransaction: () => ({ idTagInfo: { status: 'Accepted' }, transactionId: (transactions += 1) }),
  StopTransaction: () => ({ idTagInfo: { status: 'Accepted' } }),
};

const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: process.argv[2] === 'strict' });
server.auth((accept) => accept());
server.on('client', (client) => client.handle(({ method }) => answers[method]?.() ?? {}));
const listening = await server.listen(0, '127.0.0.1');
process.stdout.write(`${listening.address().port}\n`);
