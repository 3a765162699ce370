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
];
