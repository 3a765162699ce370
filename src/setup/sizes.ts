import { formatNumber, say, type Voice } from "../locale.ts";

/** `5,0 GB`, `80 MB`: decimal, as hosts and shops count. */
export function formatSize(voice: Voice, bytes: number): string {
	if (bytes < 999.5e6) return say(voice, "setup.megabytes", { number: formatNumber(voice, Math.ceil(bytes / 1e6)) });
	return say(voice, "setup.gigabytes", { number: formatNumber(voice, bytes / 1e9, 1) });
}
