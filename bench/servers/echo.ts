import { WebSocketServer, type RawData } from 'ws';

/** The rival: a bare `ws` server that parses each call and answers it, and does nothing else. */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('message', (data: RawData) => {
    const [, id] = JSON.parse((data as Buffer).toString()) as [number, string];
    socket.send(JSON.stringify([3, id, {}]));
  });
});
server.on('listening', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') process.stdout.write(`${address.port}\n`);
});
