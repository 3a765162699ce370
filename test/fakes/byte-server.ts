import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";

/** The bytes of one connection: sent one part after another, then the connection ends. */
export interface ByteAnswer {
	/** The whole answer as it goes over the wire, headers included; each part is a write of its own. */
	readonly parts: readonly Uint8Array[];
	/** `reset`: RST · `close`: FIN. */
	readonly end: "reset" | "close";
}

export interface ByteServer {
	/** `http://127.0.0.1:PORT` */
	readonly origin: string;
	close(): Promise<void>;
}

/** Reads one request to its end and answers with bytes, whatever they are: nothing checks that they are HTTP. */
export async function createByteServer(answerTo: (request: string) => ByteAnswer): Promise<ByteServer> {
	const sockets = new Set<Socket>();
	const server = createServer({ noDelay: true }, (socket) => {
		let request = "";
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
		/** The client may reset the connection first. */
		socket.on("error", () => socket.destroy());
		socket.setEncoding("latin1");
		socket.on("data", (bytes: string) => {
			request += bytes;
			if (isComplete(request)) void send(socket, answerTo(request));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				for (const socket of sockets) socket.destroy();
			}),
	};
}

async function send(socket: Socket, { parts, end }: ByteAnswer): Promise<void> {
	for (const [index, part] of parts.entries()) {
		if (index > 0) await turn();
		socket.write(part);
	}
	if (end === "close") socket.end();
	else socket.write("", () => socket.resetAndDestroy());
}

function isComplete(request: string): boolean {
	const head = request.indexOf("\r\n\r\n");
	const length = Number(/content-length: (\d+)/i.exec(request)?.[1]);
	return head >= 0 && request.length - head - 4 >= length;
}
