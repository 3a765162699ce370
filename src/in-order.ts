/**
 * Runs the tasks of one key one after another and those of different keys at the same time.
 * A key is forgotten when its last task has ended. A task that throws does not stop its successors.
 */
export interface InOrder {
	/** Resolves or rejects as the task does, once its turn has come. */
	run<Result>(key: string, task: () => Promise<Result>): Promise<Result>;
	/** Resolves once no task is running or waiting any more. */
	idle(): Promise<void>;
}

export function createInOrder(): InOrder {
	/** The end of each key's last task. */
	const lanes = new Map<string, Promise<void>>();

	return {
		run(key, task) {
			const result = (lanes.get(key) ?? Promise.resolve()).then(task);
			const ended = result
				.catch(() => undefined)
				.then(() => {
					if (lanes.get(key) === ended) lanes.delete(key);
				});
			lanes.set(key, ended);
			return result;
		},
		async idle() {
			while (lanes.size > 0) await Promise.all(lanes.values());
		},
	};
}
