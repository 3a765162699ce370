import { createInstance } from "i18next";
import accessDe from "../locales/de/access.json" with { type: "json" };
import assistantDe from "../locales/de/assistant.json" with { type: "json" };
import chartDe from "../locales/de/chart.json" with { type: "json" };
import chatDe from "../locales/de/chat.json" with { type: "json" };
import commandsDe from "../locales/de/commands.json" with { type: "json" };
import configDe from "../locales/de/config.json" with { type: "json" };
import doctorDe from "../locales/de/doctor.json" with { type: "json" };
import failureDe from "../locales/de/failure.json" with { type: "json" };
import loginDe from "../locales/de/login.json" with { type: "json" };
import setupDe from "../locales/de/setup.json" with { type: "json" };
import statusDe from "../locales/de/status.json" with { type: "json" };
import terminalDe from "../locales/de/terminal.json" with { type: "json" };
import timeDe from "../locales/de/time.json" with { type: "json" };
import accessEn from "../locales/en/access.json" with { type: "json" };
import assistantEn from "../locales/en/assistant.json" with { type: "json" };
import chartEn from "../locales/en/chart.json" with { type: "json" };
import chatEn from "../locales/en/chat.json" with { type: "json" };
import commandsEn from "../locales/en/commands.json" with { type: "json" };
import configEn from "../locales/en/config.json" with { type: "json" };
import doctorEn from "../locales/en/doctor.json" with { type: "json" };
import failureEn from "../locales/en/failure.json" with { type: "json" };
import loginEn from "../locales/en/login.json" with { type: "json" };
import setupEn from "../locales/en/setup.json" with { type: "json" };
import statusEn from "../locales/en/status.json" with { type: "json" };
import terminalEn from "../locales/en/terminal.json" with { type: "json" };
import timeEn from "../locales/en/time.json" with { type: "json" };

const german = {
	access: accessDe,
	assistant: assistantDe,
	chart: chartDe,
	chat: chatDe,
	commands: commandsDe,
	config: configDe,
	doctor: doctorDe,
	failure: failureDe,
	login: loginDe,
	setup: setupDe,
	status: statusDe,
	terminal: terminalDe,
	time: timeDe,
};
const english = {
	access: accessEn,
	assistant: assistantEn,
	chart: chartEn,
	chat: chatEn,
	commands: commandsEn,
	config: configEn,
	doctor: doctorEn,
	failure: failureEn,
	login: loginEn,
	setup: setupEn,
	status: statusEn,
	terminal: terminalEn,
	time: timeEn,
};

/** How a person is spoken to. English has one form; German texts that differ exist as `key_du` and `key_sie`. */
export interface Voice {
	readonly language: "de" | "en";
	readonly form: "du" | "sie";
}

/** Operators read logs, configuration errors and the doctor in this voice. */
export const operatorVoice: Voice = { language: "de", form: "du" };

type Suffix = "du" | "sie" | "one" | "other" | "zero";
type WithoutSuffix<Key extends string> = Key extends `${infer Base}_${Suffix}` ? WithoutSuffix<Base> : Key;
type Names<Group> = WithoutSuffix<Extract<keyof Group, string>>;
/** `file.key` of locales/, without the endings for form and number. */
export type TextKey = {
	[Group in keyof typeof german]: `${Group}.${Names<(typeof german)[Group]>}`;
}[keyof typeof german];
export type TextValues = Readonly<Record<string, string | number>>;

const texts = createInstance();
await texts.init({
	resources: { de: german, en: english },
	lng: "de",
	fallbackLng: false,
	ns: Object.keys(german),
	nsSeparator: ".",
	keySeparator: false,
	interpolation: { escapeValue: false },
});

/** The text of a key in a person's voice. `count` among the values chooses the plural form. */
export function say(voice: Voice, key: TextKey, values: TextValues = {}): string {
	return texts.t(key, { lng: voice.language, context: voice.form, ...values });
}

const zone = "Europe/Berlin";
const tags = { de: "de-DE", en: "en-GB" } as const;

/** Building one costs far more than using it. */
function formatters(tag: string) {
	const zoned = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
		new Intl.DateTimeFormat(tag, { timeZone: zone, ...options });
	return {
		time: zoned({ hour: "2-digit", minute: "2-digit" }),
		date: zoned({ dateStyle: "full" }),
		dayAndMonth: zoned({ day: "2-digit", month: "2-digit" }),
	};
}
const formats = { de: formatters(tags.de), en: formatters(tags.en) } as const;
/** `2026-11-23`. */
const sortableDay = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });

/** `1.234` or `1,234`. */
export function formatNumber(voice: Voice, value: number, fractionDigits = 0): string {
	return value.toLocaleString(tags[voice.language], {
		minimumFractionDigits: fractionDigits,
		maximumFractionDigits: fractionDigits,
	});
}

/** `0,12 €`, `4,20 USD`, `unter 0,01 €`: the least that was spent is more than nothing. */
export function formatMoney(voice: Voice, amount: number, currency: string): string {
	const unit = currency === "EUR" ? "€" : currency;
	const least = 0.01;
	const written = (value: number): string => `${formatNumber(voice, value, 2)}\u00a0${unit}`;
	if (amount > 0 && amount < least) return say(voice, "status.moneyBelow", { amount: written(least) });
	return written(amount);
}

/** `50 %` of a part between 0 and 1. */
export function formatPercent(voice: Voice, part: number): string {
	return new Intl.NumberFormat(tags[voice.language], { style: "percent" }).format(part);
}

/** `14:05`, in Europe/Berlin. */
export function formatTime(voice: Voice, at: number): string {
	return formats[voice.language].time.format(at);
}

/** `Montag, 23. November 2026`, in Europe/Berlin. */
export function formatDate(voice: Voice, at: number): string {
	return formats[voice.language].date.format(at);
}

/** `heute 14:05`, `morgen 01:00`, otherwise `25.11., 07:30`, in Europe/Berlin. */
export function formatMoment(voice: Voice, at: number, now: number): string {
	const dayOf = (moment: number): number => Date.parse(sortableDay.format(moment));
	const time = formatTime(voice, at);
	const days = Math.round((dayOf(at) - dayOf(now)) / 86_400_000);
	if (days === 0) return say(voice, "time.today", { time });
	if (days === 1) return say(voice, "time.tomorrow", { time });
	return say(voice, "time.date", { date: formats[voice.language].dayAndMonth.format(at), time });
}

/** `3 Min.`, `2 Std.`, `40 Sek.`: rounded up, for people who wait. */
export function formatDuration(voice: Voice, seconds: number): string {
	if (seconds < 60) return say(voice, "time.seconds", { number: Math.max(1, Math.ceil(seconds)) });
	if (seconds < 3_600) return say(voice, "time.minutes", { number: Math.ceil(seconds / 60) });
	return say(voice, "time.hours", { number: Math.ceil(seconds / 3_600) });
}
