const numbers = (count: number, from = 1): readonly number[] =>
	Array.from({ length: count }, (_, index) => from + index);
const lines = (count: number, line: (number: number) => string): string => numbers(count).map(line).join("\n");
const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? "";
const code = (language: string, text: string): string => `Gern:\n\n\`\`\`${language}\n${text}\n\`\`\``;

const nouns = "Apfel Baum Cello Dach Esel Feder Garten Hafen Insel Jacke Kerze Lampe Mantel Nadel Ofen Pinsel".split(
	" ",
);
const names = "Anna Ben Clara David Emma Felix Greta Hans Ida Jonas Klara Leon".split(" ");
const rivers = "ISAR ELBE MAIN ODER RUHR LECH INN ILLER NAAB SAALE".split(" ");

/** Plans, songs and instructions in which little is new from line to line but numbers and names. */
export const plans: Readonly<Record<string, string>> = {
	"a song that counts down from 99": numbers(99)
		.map((verse) => {
			const left = 100 - verse;
			return `${left} Flaschen Bier an der Wand, ${left} Flaschen Bier.\nNimm eine herunter, reich sie herum,\n${left - 1} Flaschen Bier an der Wand.`;
		})
		.join("\n\n"),
	"ten verses that differ by a number": numbers(10)
		.map(
			(verse) =>
				`${11 - verse} kleine Zappelmänner zappeln hin und her,\n${11 - verse} kleine Zappelmänner finden das nicht schwer.\n${11 - verse} kleine Zappelmänner zappeln auf und nieder,\n${11 - verse} kleine Zappelmänner tun das immer wieder.`,
		)
		.join("\n\n"),
	"counting sheep": lines(100, (number) => `${number} Schafe springen über den Zaun.`),
	"degrees and kelvins": lines(100, (number) => `${number} Grad Celsius sind ${number + 273} Kelvin.`),
	"addresses of pages": lines(150, (page) => `https://example.org/artikel/${page}?seite=${page % 5}&sort=name`),
	"free addresses": lines(100, (host) => `Die Adresse 192.168.1.${host} ist nicht vergeben.`),
	"rows of seats": lines(
		15,
		(row) =>
			`Reihe ${row}: ${numbers(20)
				.map((seat) => `Platz ${seat} frei`)
				.join(", ")}`,
	),
	"crossword with equal clues": lines(
		80,
		(number) => `${number}. Deutscher Fluss mit ${3 + (number % 6)} Buchstaben: ${pick(rivers, number)}`,
	),
	"timetable of a train": lines(
		120,
		(at) =>
			`| ${5 + Math.floor(at / 8)}:${String((at % 8) * 7).padStart(2, "0")} | Hauptbahnhof | Marktplatz | Universität |`,
	),
	instalments: lines(120, (month) => `Monat ${month}: Rate 850 €, Rest ${120_000 - 1_000 * month} €.`),
	"rows of knitting": lines(100, (row) => `Reihe ${row}: alle Maschen ${row % 2 ? "rechts" : "links"} stricken.`),
	"tablets for four weeks": lines(
		28,
		(day) =>
			`Tag ${day}: Morgens eine Tablette nach dem Essen. Mittags keine Tablette. Abends eine Tablette nach dem Essen.`,
	),
	"twelve weeks of running": numbers(12)
		.map(
			(week) =>
				`### Woche ${week}\n\n- Montag: 5 km locker laufen\n- Dienstag: Ruhetag mit Dehnen\n- Mittwoch: Krafttraining, 3 Sätze\n- Donnerstag: Ruhetag mit Dehnen\n- Freitag: 5 km im Renntempo\n- Samstag: Ruhetag mit Dehnen\n- Sonntag: ${week * 2 + 5} km langer Lauf`,
		)
		.join("\n\n"),
	"rooms to clean": "Küche Bad Flur Keller Schlafzimmer Wohnzimmer Balkon Garage Büro"
		.split(" ")
		.map(
			(room) =>
				`### ${room}\n- [ ] Boden wischen und saugen\n- [ ] Fenster putzen\n- [ ] Staub auf allen Flächen wischen\n- [ ] Müll hinausbringen`,
		)
		.join("\n\n"),
	"description of an interface": nouns
		.map(
			(noun) =>
				`#### GET /${noun.toLowerCase()}\n\nGibt eine Liste zurück.\n\n| Parameter | Typ | Pflicht | Beschreibung |\n|---|---|---|---|\n| page | integer | nein | Nummer der Seite |\n| limit | integer | nein | Einträge je Seite |\n\nAntwort: 200 OK`,
		)
		.join("\n\n"),
	"letters to ten people": names
		.slice(0, 10)
		.map(
			(name) =>
				`Sehr geehrte Frau ${name},\n\nhiermit laden wir Sie zur Mitgliederversammlung am 3. Februar ein. Sie beginnt um 19 Uhr im Gemeindesaal.\n\nMit freundlichen Grüßen\nDer Vorstand`,
		)
		.join("\n\n---\n\n"),
	"questionnaire with a scale": numbers(20)
		.map(
			(number) =>
				`${number}. Ich finde ${pick(nouns, number)} wichtig.\n☐ trifft gar nicht zu\n☐ trifft eher nicht zu\n☐ teils, teils\n☐ trifft eher zu\n☐ trifft voll und ganz zu`,
		)
		.join("\n\n"),
	"chess game": numbers(60)
		.map((move) => `${move}. Kg${1 + (move % 2)} Kg${8 - (move % 2)}`)
		.join(" "),
	"repeats in a gene": `ATGGCC${"CAG".repeat(300)}TGA`,
	"a periodic fraction": `1/7 = 0,${"142857".repeat(150)} …`,
	"picture of one colour": `data:image/png;base64,iVBORw0KGgoAAAANSUhEUg${"A".repeat(1_400)}AElFTkSuQmCC`,
	"answers of a host": code(
		"",
		lines(80, (at) => `64 bytes from 93.184.216.34: icmp_seq=${at} ttl=56 time=${11 + (at % 7)} ms`),
	),
	"list of services": code(
		"yaml",
		lines(40, (at) => `- name: dienst-${at}\n  image: registry.example.org/dienst:${at}\n  restart: unless-stopped`),
	),
};
