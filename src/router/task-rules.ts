import type { Task } from "../providers/provider.ts";

/** The first rule that matches names the task. `words` is what `plain` makes of a text, `length` that of the whole text. */
export interface TaskRule {
	readonly label: Task;
	readonly confidence: number;
	matches(words: string, length: number): boolean;
}

const headLength = 3_000;
const tailLength = 1_000;
const folded: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

/**
 * What the rules read: the head and the tail of a long text (the request stands there), in small letters, umlauts written
 * out, so that "Übersetze" and "uebersetze" are one word and `\b` works.
 */
export function plain(text: string): string {
	const capped =
		text.length <= headLength + tailLength ? text : `${text.slice(0, headLength)}\n${text.slice(-tailLength)}`;
	return capped
		.trim()
		.toLowerCase()
		.replace(/[äöüß]/g, (letter) => folded[letter] ?? letter);
}

const summarise =
	/\b(zusammenfass\w*|zusammen(zu)?fassen|fass\w*\b.{0,120}\bzusammen|kurzfassung|kernaussagen?|tl;?dr|summari[sz]e|summary)\b/;
const translation =
	/\b(uebersetz\w*|translat(e|ion)\b|uebertrag\w*\b.{0,60}\b(sprache|englisch|deutsch)\w*|(heisst|sagt man|schreibt man)\b.{0,80}\b(auf|in) (englisch|deutsch|franzoesisch|spanisch|italienisch|tuerkisch|polnisch|russisch|latein)\w*|(how|what)\b.{0,30}\bsay\b.{0,60}\b(in|if i were) [a-z]+|ins (englische|deutsche|franzoesische|spanische|italienische)\b)/;

const codeMarks =
	/```|[{};]\s*\n|=>|\bdef \w+\(|\w\(\)|#include\b|\bconsole\.log\b|<\/?[a-z]+[\d]?>|\bselect\b.{1,80}\bfrom\b|>>> |^(\/\*\*|##?\n|\/\/|--\s)/;
const codeWords =
	/\b(python|java|javascript|typescript|kotlin|rust|golang|swift|scala|ruby|perl|php|c\+\+|c#|csharp|bash|powershell|html\w*|css\w*|sql|mysql|postgres\w*|sqlite|regex\w*|regulaere\w* ausdr\w*|json|xml|yaml|docker\w*|kubernetes|git|npm|node\.?js|react|vue|angular|django|excel-?formel|programmier\w*|quellcode|code|coden|algorithm\w*|compiler|stack ?trace|exception|debugg?\w*|refactor\w*|unit-?tests?|api|backend|frontend|dom|http-?\w*|cookies?|localstorage|sessionstorage|datenbank\w*|skript|script|shell|linux-?befehl|selektor\w*|pseudo-?(elemente?|klassen?))\b/;
const codeTask =
	/\b(schreib\w*|implementier\w*|entwickl\w*|erstell\w*|write|implement|programm\w*)\b.{0,60}\b(funktion|methode|klasse|programm|function|class|query|abfrage|webseite|website|makro)\b|\b(array|string|integer|boolean|liste von (ganzen )?zahlen|in einer liste|gegeben(e[ns]?)? (sei|ist|sind|ein\w*) (ein\w* )?(liste|zahl|woerterbuch|matrix)|ganzzahl\w*|zeichenkette|woerterbuch|binaer\w*|palindrom\w*|gib\w* (true|false|null|none)|zurueckgib\w*|gibt? \w+ zurueck)\b/;

const mathWords =
	/\b(berechn\w*|rechn\w*|beweis\w*|gleichung\w*|wahrscheinlichkeit\w*|integral|ableitung|primzahl\w*|raetsel|logikraetsel|loes\w* (die|das|diese|folgende)|schritt fuer schritt|gefangenendilemma|folgt daraus|in welcher beziehung|prove|solve|probability|calculate)\b/;
const amountQuestion =
	/\b(wie ?viele?n?|wie (lange|hoch|alt|weit|gross|schwer|teuer|oft)|welchen (betrag|preis|gewinn)|was kostet|insgesamt|how (many|much|long|old|far))\b/;
/** A story that ends in a question. */
const riddle = /\?\s*$/;
const numbers = /\d+([.,]\d+)?/g;

const command =
	/\b(wecker|weck mich|timer|erinner\w*|reminder|alarm|wetter\w*|regnet|regnen|schnei\w*|sonnig|bewoelkt|temperatur|vorhersage|forecast|weather|termin\w*|kalender\w*|einkaufsliste|to-?do-?liste|playlist|spiel\w* (musik|das lied|den song|etwas|was|mir|\w+ von)|musik|reservier\w*|buch(e|en)? (mir |uns |einen? )?(tisch|platz|flug|hotel|mittagessen|abendessen)|restaurant\w*|kino\w*|filmzeiten|spielzeiten|sterne|(kalt|warm|heiss|kuehl|kuehler|waermer|windig)\b.{0,20}\?|licht (an|aus)|lautstaerke|trailer|play\b.{0,40}\b(song|music|album)|set (an?|my) |(to-?do|shopping) list|rain|snow(ing)?|reminders)\b/;
const imperative =
	/^(bitte |kannst du |koenntest du |please )?(stell|stelle|setz|setze|zeig|zeige|spiel|spiele|such|suche|find|finde|fueg|fuege|loesch|loesche|buche|reserviere|gib|schalte?|mach|oeffne|starte?|stopp?e?|erinnere|wecke?|ruf|schick|sende|bewerte|add|show|play|find|book|rate)\b/;

const writing =
	/\b((schreib|verfass|dicht|entwirf|entwerf|formulier|textier|write|compose|draft)\w*\b.{0,90}\b(brief|e-?mail|mail|nachricht|gedicht\w*|geschichte|erzaehlung|text|blog\w*|beitrag|artikel|aufsatz|rede|bewerbung\w*|anschreiben|einladung\w*|gruss|gruesse|glueckwunsch\w*|lied|song\w*|reim\w*|slogan|tweet|post|posting|rezension|kuendigung|beschwerde|entschuldigung|dialog|drehbuch|roman|kapitel|absatz|anzeige|produktbeschreibung|story|poem|letter|essay|speech|absaetze|gliederung)|(schreib|verfass|dicht)\w*\b|umformulier\w*|formulier\w*\b|korrigier\w*|korrekturles\w*|rechtschreib\w*|lektorier\w*|rollenspiel|tun sie\b.{0,60}\bals (waer|ob)|stell\w* (dir|sie sich) vor|handeln sie als|nimm die rolle|uebernehmen sie die rolle|beschreiben sie eine lebendige|pretend|act as)\b/;
const complex =
	/\b(analysier\w*|vergleich\w*|bewert\w*|erlaeuter\w*|eroerter\w*|diskutier\w*|ausfuehrlich|detailliert|vor- und nachteile|vor und nachteile|pro und contra|strategie\w*|konzept\w*|businessplan|business plan|geschaeftsplan|finanzplan\w*|trainingsplan|reiseplan|projektplan|zeitplan|plan fuer|plane|abwaeg\w*|auswirkung\w*|zusammenhang|zusammenhaenge|korrelation|ursachen|folgen|interpretier\w*|was waeren? (die|der)|hauptphasen|prozess|unterschiede? zwischen|tauschen sie ideen|brainstorm\w*|beschreib\w*|wie wuerde\w* (du|sie|man)|explain|describe|discuss|analy[sz]e|compare|evaluate|explain in detail|erklaer\w*\b.{0,80}\b(genau|warum|wieso|wie))\b/;

const greeting =
	/^(hi|hallo|hey|hej|moin|servus|gruess|gruezi|guten (morgen|tag|abend)|gute nacht|tschuess|ciao|bis (bald|spaeter|morgen)|danke|vielen dank|dankeschoen|bitte\b.{0,10}$|ok|okay|ja|nein|doch|super|toll|cool|lol|haha|na\b|prima|genau|richtig|stimmt|entschuldig\w*|sorry|hello|thanks|thank you|good (morning|evening)|bye)\b/;
const aboutBot =
	/\b(wer|was|wie|wo|bist|hast|kannst|magst|liebst|glaubst|fuehlst|weisst|denkst|moechtest|willst|machst|geht(s| es))\b.{0,40}\b(du|dich|dir|dein\w*|ich)\b|\b(bist|hast|kannst|magst|liebst) du\b|\bdein\w* (name|lieblings\w*|alter|hobbys?)\b|\b(who|what|how) are you\b|\bich (bin|habe|mag|liebe|hasse|fuehle|will|moechte)\b|\bdu bist\b|\bes ist (schoen|eine freude)\b/;
const question =
	/^(was|wer|wen|wem|wessen|wie|wo|wohin|woher|wann|warum|wieso|weshalb|welche\w*|wofuer|woran|worin|womit|wozu|in welche\w*|an welche\w*|auf welche\w*|zu welche\w*|aus welche\w*|mit welche\w*|von welche\w*|what|who|when|where|which|why|how)\b/;

const shortText = 60;
const longText = 350;

/** In order: what is unmistakable first, what is only likely last. */
export const taskRules: readonly TaskRule[] = [
	{ label: "coding", confidence: 0.95, matches: (words) => codeMarks.test(words) },
	{ label: "translation", confidence: 0.9, matches: (words) => translation.test(words) },
	{ label: "summarise", confidence: 0.9, matches: (words) => summarise.test(words) },
	{ label: "coding", confidence: 0.9, matches: (words) => codeTask.test(words) },
	{
		label: "reasoning",
		confidence: 0.85,
		matches: (words, length) =>
			amountQuestion.test(words) && (length > 90 || (length > 40 && (words.match(numbers)?.length ?? 0) >= 2)),
	},
	{ label: "coding", confidence: 0.8, matches: (words) => codeWords.test(words) },
	{ label: "chat", confidence: 0.8, matches: (words, length) => length <= shortText && greeting.test(words) },
	{ label: "reasoning", confidence: 0.7, matches: (words, length) => mathWords.test(words) && length > shortText },
	{ label: "writing", confidence: 0.8, matches: (words) => writing.test(words) },
	{ label: "command", confidence: 0.8, matches: (words, length) => length <= 200 && command.test(words) },
	{ label: "complex", confidence: 0.7, matches: (words) => complex.test(words) },
	{ label: "chat", confidence: 0.6, matches: (words, length) => length <= 120 && aboutBot.test(words) },
	{ label: "command", confidence: 0.5, matches: (words, length) => length <= 200 && imperative.test(words) },
	{ label: "simple", confidence: 0.6, matches: (words, length) => length <= 200 && question.test(words) },
	{ label: "reasoning", confidence: 0.5, matches: (words, length) => length > 120 && riddle.test(words) },
	{ label: "complex", confidence: 0.5, matches: (_, length) => length > longText },
	{ label: "chat", confidence: 0.4, matches: (words, length) => length <= shortText && !words.includes("?") },
];
