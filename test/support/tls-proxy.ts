import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";

/** Speaks TLS before a server of this machine that does not, with a certificate of an authority of its own. */
export class TlsProxy {
  /** PEM. */
  readonly authority: string;
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(server: Server, sockets: ReadonlySet<Socket>, authority: string) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
    this.authority = authority;
  }

  /** `folder`: for the certificates. `target`: the port on which the server listens. */
  static async start(folder: string, target: number): Promise<TlsProxy> {
    const [authority, authorityKey] = [join(folder, "ca.pem"), join(folder, "ca-key.pem")];
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    issue(authority, authorityKey, ["-subj", "/CN=An authority of tests"]);
    issue(cert, key, ["-subj", "/CN=localhost", ...names, "-CA", authority, "-CAkey", authorityKey]);
    const sockets = new Set<Socket>();
    const options = { cert: await readFile(cert), key: await readFile(key), ALPNProtocols: ["h2"] };
    const server = createServer(options, (from) => {
      const to = connect(target, "127.0.0.1");
      from.pipe(to).pipe(from);
      for (const [socket, other] of [[from, to] as const, [to, from] as const]) {
        sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          sockets.delete(socket);
          other.destroy();
        });
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TlsProxy(server, sockets, authority);
  }

  async kill(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

function issue(cert: string, key: string, more: readonly string[]): void {
  const made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", ["req", ...made, "-keyout", key, "-out", cert, ...more], { stdio: "ignore" });
}
