const names =
	"englisch|english|franz(?:ö|oe)sisch|french|spanisch|spanish|italienisch|italian|portugiesisch|portuguese|katalanisch|" +
	"(?:nieder|hol)ländisch|dutch|dänisch|danish|schwedisch|swedish|norwegisch|norwegian|finnisch|finnish|isländisch|" +
	"polnisch|polish|tschechisch|czech|slowakisch|slowenisch|ungarisch|hungarian|rumänisch|romanian|bulgarisch|kroatisch|" +
	"serbisch|bosnisch|albanisch|griechisch|greek|russisch|russian|ukrainisch|ukrainian|türkisch|turkish|kurdisch|arabisch|" +
	"arabic|hebräisch|hebrew|persisch|latein(?:isch)?|latin|chinesisch|chinese|japanisch|japanese|koreanisch|korean|" +
	"vietnamesisch|vietnamese|thailändisch|hindi|esperanto";
const writings =
	"e-?mail|mail|brief|text|s(?:a|ä)tz|w(?:o|ö)rt|vokabel|begriff|ausdruck|redewendung|gedicht|geschichte|lied|song|nachricht|" +
	"post|tweet|version|fassung|antwort|anschreiben|bewerbung|lebenslauf|aufsatz|essay|rede|absatz|dialog|titel|" +
	"überschrift|untertitel|slogan|beschreibung|zusammenfassung|formulierung|grammatik|aussprache|sprache";

const toGerman = /\b(?:auf|ins?|into|to)\s+(?:\p{L}+\s+)?(?:deutsch|german)/iu;
/** "Englisch bitte", "ins Englische", "eine englische E-Mail", but not "der englische König". */
const toAnother = new RegExp(
	`übersetz|translat|\\b(?:${names})\\b(?!-)|\\b(?:ins|im|vom|zum|dem)\\s+(?:${names})en?\\b|` +
		`\\b(?:${names})e[mnrs]?\\s+(?:\\p{L}+\\s+){0,2}\\p{L}*(?:${writings})|\\b(?:in|auf)\\s+(?:\\p{L}+\\s+)?(?:fremd)?sprache\\b`,
	"iu",
);
const german = /\b(?:deutsch|german)\b(?!-)/i;

/** The language that a text asks to write in, as far as it says so; a country or its people are no request. */
export function requestedLanguage(text: string): "german" | "another" | undefined {
	if (toGerman.test(text)) return "german";
	if (toAnother.test(text)) return "another";
	return german.test(text) ? "german" : undefined;
}
