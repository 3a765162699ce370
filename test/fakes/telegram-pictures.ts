import { randomUUID } from "node:crypto";
import type { PhotoSize } from "grammy/types";
import type { SentFile } from "./multipart.ts";
import { badRequest, Refusal } from "./telegram-rules.ts";

const largestPhoto = 10_485_760;
const longestSides = 10_000;
const steepestSides = 20;

/** The photo that Telegram makes of a file. Throws the refusal of the Bot API for what is none. */
export function photoOf({ bytes }: SentFile): PhotoSize {
	if (bytes.length > largestPhoto) throw new Refusal(413, "Request Entity Too Large");
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const isPng = bytes.length > 24 && Buffer.from(bytes.subarray(1, 4)).toString("latin1") === "PNG";
	if (!isPng) throw badRequest("IMAGE_PROCESS_FAILED");
	const [width, height] = [view.getUint32(16), view.getUint32(20)];
	if (width + height > longestSides || Math.max(width / height, height / width) > steepestSides)
		throw badRequest("PHOTO_INVALID_DIMENSIONS");
	return { file_id: randomUUID(), file_unique_id: randomUUID(), width, height, file_size: bytes.length };
}
