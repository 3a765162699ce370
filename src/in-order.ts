/**
 * Runs the tasks of one key one after another and those of different keys at the same time.
 * A key is forgotten when its last task has ended. A task that throws does not stop its successors.
 */
export interface InOrder {
	/** Resolves or rejects as the task does, once its turn has come. */
	run<Result>(key: string, task: () => Promise<Result>): Promise<Result>;
	/** Tasks of this key that are running or waiting. */
	pending(key: string): number;
	/** Resolves once no task is running or waiting any more. */
	idle(): Promise<void>;
}

export function createInOrder(): InOrder {
	const lanes = new Map<string, { last: Promise<unknown>; pending: number }>();

	return {
		run(key, task) {
			const lane = lanes.get(key) ?? { last: Promise.resolve(), pending: 0 };
			lanes.set(key, lane);
			lane.pending++;
			const result = lane.last.then(task);
			lane.last = result
				.catch(() => undefined)
				.then(() => {
					lane.pending--;
					if (lane.pending === 0) lanes.delete(key);
				});
			return result;
		},
		pending: (key) => lanes.get(key)?.pending ?? 0,
		async idle() {
			while (lanes.size > 0) await Promise.all([...lanes.values()].map((lane) => lane.last));
		},
	};
}
