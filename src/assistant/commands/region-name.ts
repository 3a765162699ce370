import { say, type TextKey, type Voice } from "../../locale.ts";
import type { Region } from "../../providers/provider.ts";

const names: Readonly<Record<Region, TextKey>> = {
	local: "status.regionLocal",
	eu: "status.regionEu",
	us: "status.regionUs",
	asia: "status.regionAsia",
	china: "status.regionChina",
	global: "status.regionGlobal",
};

export function regionName(voice: Voice, region: Region): string {
	return say(voice, names[region]);
}
