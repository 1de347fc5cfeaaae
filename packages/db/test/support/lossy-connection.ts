import { once } from 'node:events';
import net from 'node:net';

/** What gets lost of a question and its answer: the connection breaks before, or after, the server has acted. */
export type Loss = 'question' | 'answer' | undefined;

export interface LossyConnection {
  /** `serverUrl` through this connection. */
  through(serverUrl: string): string;
  stop(): Promise<void>;
}

/** The server's word for "I am done and outside of any transaction": everything before it is committed. */
const readyForQuery = Buffer.from('Z\0\0\0\x05I', 'latin1');

/**
 * A way to the server that breaks the connection of those questions that `loses` names, of all that come after signing
 * in. A lost answer was given: the server has committed what it was asked.
 */
export async function startLossyConnection(
  serverUrl: string,
  loses: () => Loss,
): Promise<LossyConnection> {
  const { hostname, port } = new URL(serverUrl);
  const open = new Set<net.Socket>();
  const listener = net.createServer((client) => {
    const server = net.connect(Number(port), hostname);
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      // A reset by one side ends the other.
      socket.on('error', () => {});
      socket.on('close', () => breakBoth());
    }
    const breakBoth = () => {
      client.destroy();
      server.destroy();
    };
    // Signing in is over with the first readyForQuery.
    let isAsking = true;
    let loss: Loss;
    client.on('data', (chunk) => {
      if (!isAsking) {
        isAsking = true;
        loss = loses();
        if (loss === 'question') return breakBoth();
      }
      server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      const isDone = chunk.subarray(-readyForQuery.length).equals(readyForQuery);
      if (isDone && loss === 'answer') return breakBoth();
      if (isDone) isAsking = false;
      if (loss !== 'answer') client.write(chunk);
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    through(url) {
      const through = new URL(url);
      through.hostname = '127.0.0.1';
      through.port = String(address.port);
      return through.href;
    },
    async stop() {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
