/** One entry a version, in order. A released entry is never changed; a new one follows it. */
export const migrations: readonly string[] = [
	`
	CREATE TABLE journal (
		position INTEGER PRIMARY KEY,
		id TEXT NOT NULL UNIQUE,
		channel TEXT NOT NULL,
		conversation TEXT NOT NULL,
		author TEXT NOT NULL,
		message TEXT NOT NULL,
		state TEXT NOT NULL CHECK (state IN ('received', 'answering', 'answered', 'delivered', 'failed')),
		attempts INTEGER NOT NULL DEFAULT 0,
		answer TEXT,
		parts TEXT NOT NULL DEFAULT '[]',
		delivered_parts INTEGER NOT NULL DEFAULT 0,
		received_at INTEGER NOT NULL,
		ended_at INTEGER
	) STRICT;
	CREATE INDEX journal_open ON journal (channel, position) WHERE state NOT IN ('delivered', 'failed');
	CREATE INDEX journal_ended ON journal (ended_at) WHERE ended_at IS NOT NULL;

	CREATE TABLE lease (
		name TEXT PRIMARY KEY,
		owner TEXT NOT NULL,
		host TEXT NOT NULL,
		pid INTEGER NOT NULL,
		renewed_at INTEGER NOT NULL
	) STRICT;

	CREATE TABLE keyed (
		key TEXT PRIMARY KEY,
		value TEXT NOT NULL,
		expires_at INTEGER
	) STRICT, WITHOUT ROWID;
	CREATE INDEX keyed_expiry ON keyed (expires_at) WHERE expires_at IS NOT NULL;

	CREATE TABLE note (
		key TEXT PRIMARY KEY,
		value TEXT NOT NULL
	) STRICT, WITHOUT ROWID;

	CREATE TABLE quota_call (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		provider TEXT NOT NULL,
		model TEXT NOT NULL,
		author TEXT NOT NULL,
		at INTEGER NOT NULL,
		tokens INTEGER NOT NULL,
		state TEXT NOT NULL CHECK (state IN ('open', 'answer', 'failure'))
	) STRICT;
	CREATE INDEX quota_call_window ON quota_call (provider, model, at, tokens);
	CREATE INDEX quota_call_author ON quota_call (author, at);

	CREATE TABLE quota_slot (
		provider TEXT NOT NULL,
		model TEXT NOT NULL,
		slot INTEGER NOT NULL,
		requests INTEGER NOT NULL,
		tokens INTEGER NOT NULL,
		PRIMARY KEY (provider, model, slot)
	) STRICT, WITHOUT ROWID;

	CREATE TABLE quota_seen (
		provider TEXT NOT NULL,
		model TEXT NOT NULL,
		unit TEXT NOT NULL,
		window TEXT NOT NULL,
		maximum INTEGER,
		remaining INTEGER,
		reset_at INTEGER,
		seen_at INTEGER NOT NULL,
		last_call INTEGER NOT NULL,
		PRIMARY KEY (provider, model, unit, window)
	) STRICT, WITHOUT ROWID;

	CREATE TABLE quota_pause (
		provider TEXT NOT NULL,
		model TEXT NOT NULL,
		until INTEGER NOT NULL,
		reason TEXT NOT NULL,
		PRIMARY KEY (provider, model)
	) STRICT, WITHOUT ROWID;
	`,
	`
	ALTER TABLE quota_call ADD COLUMN credits INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE quota_call ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
	DROP INDEX quota_call_window;
	CREATE INDEX quota_call_window ON quota_call (provider, at, model, tokens, credits);

	CREATE TABLE quota_sum (
		author TEXT NOT NULL,
		provider TEXT NOT NULL,
		model TEXT NOT NULL,
		span INTEGER NOT NULL,
		start INTEGER NOT NULL,
		requests INTEGER NOT NULL,
		tokens INTEGER NOT NULL,
		credits INTEGER NOT NULL,
		cost INTEGER NOT NULL,
		answers INTEGER NOT NULL,
		failures INTEGER NOT NULL,
		PRIMARY KEY (author, provider, model, span, start)
	) STRICT, WITHOUT ROWID;
	WITH
		who AS (
			SELECT author AS sum_author, * FROM quota_call
			UNION ALL SELECT '', * FROM quota_call
		),
		which AS (
			SELECT model AS sum_model, * FROM who
			UNION ALL SELECT '', * FROM who
		),
		spans (span) AS (VALUES (300000), (3600000))
	INSERT INTO quota_sum
	SELECT sum_author, provider, sum_model, span, at - at % span, count(*), sum(tokens), 0, 0,
		sum(state = 'answer'), sum(state = 'failure')
	FROM which, spans GROUP BY 1, 2, 3, 4, 5;
	DROP TABLE quota_slot;

	ALTER TABLE quota_seen ADD COLUMN source TEXT NOT NULL DEFAULT 'header';
	ALTER TABLE quota_seen ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
	UPDATE quota_seen SET since = (
		SELECT iif(quota_seen.unit = 'requests', count(*), coalesce(sum(tokens), 0)) FROM quota_call AS call
		WHERE call.provider = quota_seen.provider AND call.model = quota_seen.model AND call.id > quota_seen.last_call
	);

	CREATE TABLE quota_balance (
		provider TEXT PRIMARY KEY,
		amount REAL NOT NULL,
		currency TEXT NOT NULL,
		seen_at INTEGER NOT NULL
	) STRICT, WITHOUT ROWID;

	CREATE TABLE quota_spending (
		author TEXT NOT NULL,
		day INTEGER NOT NULL,
		cost INTEGER NOT NULL,
		PRIMARY KEY (author, day)
	) STRICT, WITHOUT ROWID;

	CREATE TABLE quota_person (
		author TEXT PRIMARY KEY,
		seen_at INTEGER NOT NULL,
		share REAL
	) STRICT, WITHOUT ROWID;
	INSERT INTO quota_person SELECT author, max(at), NULL FROM quota_call GROUP BY author;
	`,
	`
	ALTER TABLE quota_pause RENAME TO quota_pause_old;
	CREATE TABLE quota_pause (
		provider TEXT NOT NULL,
		model TEXT NOT NULL,
		reason TEXT NOT NULL,
		until INTEGER NOT NULL,
		PRIMARY KEY (provider, model, reason)
	) STRICT, WITHOUT ROWID;
	INSERT INTO quota_pause SELECT provider, model, reason, until FROM quota_pause_old;
	DROP TABLE quota_pause_old;

	CREATE INDEX quota_call_age ON quota_call (at);
	CREATE INDEX quota_sum_age ON quota_sum (author <> '' AND span = 300000, start);
	`,
];
