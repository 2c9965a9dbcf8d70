// The line between the browsers and the server, which can be cut.

import net from "node:net";

/** Listens on a free port, and passes on to `port` what comes in. */
export async function line(port) {
  const open = new Set();
  const server = net.createServer((near) => {
    const far = net.connect(port, "127.0.0.1");
    for (const [one, other] of [[near, far], [far, near]]) {
      open.add(one);
      one.pipe(other);
      // Cut, or closed by either side.
      one.on("error", () => other.destroy());
      one.on("close", () => { open.delete(one); other.destroy(); });
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    /** Breaks all connections, wherever they are; new ones can be made at once. */
    cut() {
      const count = open.size;
      open.forEach((socket) => socket.resetAndDestroy());
      return count;
    },
    close() {
      server.close();
      open.forEach((socket) => socket.destroy());
    },
  };
}
