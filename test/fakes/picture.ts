import { crc32, deflateSync } from "node:zlib";
import type { Picture } from "../../src/assistant/message.ts";

/** A grey PNG of this size, as platforms take it. */
export function createPicture(width = 40, height = 20, description = "Ein graues Bild"): Picture {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	// 8 bits of grey, nothing interlaced.
	header.set([8, 0, 0, 0, 0], 8);
	const rows = Buffer.alloc(height * (width + 1), 0x80);
	for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0;
	const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	const png = Buffer.concat([
		signature,
		chunk("IHDR", header),
		chunk("IDAT", deflateSync(rows)),
		chunk("IEND", Buffer.alloc(0)),
	]);
	return { png: png.toString("base64"), description };
}

function chunk(name: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(name, "latin1"), content]);
	const ends = Buffer.alloc(8);
	ends.writeUInt32BE(content.length, 0);
	ends.writeUInt32BE(crc32(named), 4);
	return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
