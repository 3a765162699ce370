/** The part of node-llama-cpp 3.21 that is used here. The package itself is no dependency of the project. */
export interface Engine {
	getLlama(options: {
		readonly gpu: false | "auto";
		/** Never compiles and never downloads. */
		readonly build: "never";
		readonly skipDownload: true;
		readonly progressLogs: false;
		readonly logLevel: "error";
		readonly logger: (level: string, message: string) => void;
		readonly maxThreads: number;
	}): Promise<Llama>;
	readonly LlamaChat: new (options: { contextSequence: Sequence; chatWrapper: ChatWrapper }) => LlamaChat;
	/** Throws where no template fits. */
	resolveChatWrapper(model: LlamaModel, options: { readonly customWrapperSettings: object }): ChatWrapper;
	readonly NoBinaryFoundError: ErrorClass;
	readonly InsufficientMemoryError: ErrorClass;
}

type ErrorClass = new (...parameters: never[]) => Error;

interface Llama {
	loadModel(options: { readonly modelPath: string; readonly onLoadProgress: () => void }): Promise<LlamaModel>;
}

export interface LlamaModel {
	/** Tokens the model was trained to see at once. */
	readonly trainContextSize: number;
	readonly tokenizer: unknown;
	createContext(options: {
		readonly contextSize: number;
		readonly threads: number;
		/** Without it a context that does not fit is made smaller without a word. */
		readonly failedCreationRemedy: false;
	}): Promise<{ readonly contextSize: number; getSequence(): Sequence }>;
}

type Token = number;

/** The state of one conversation in the model: the tokens it has seen. */
export interface Sequence {
	readonly contextSize: number;
	readonly nextTokenIndex: number;
	readonly tokenMeter: { readonly usedOutputTokens: number };
	/** Forgets everything from the first token on that differs. */
	adaptStateToTokens(tokens: Token[], allowShift: boolean): Promise<void>;
	evaluateWithoutGeneratingNewTokens(tokens: Token[]): Promise<void>;
}

export type Turn =
	| { readonly type: "system" | "user"; readonly text: string }
	| { readonly type: "model"; readonly response: readonly string[] };

export interface ChatWrapper {
	readonly wrapperName: string;
	generateContextState(options: { readonly chatHistory: readonly Turn[] }): {
		readonly contextText: { tokenize(tokenizer: unknown): Token[] };
	};
}

export interface LlamaChat {
	generateResponse(
		history: readonly Turn[],
		options: {
			readonly signal: AbortSignal;
			readonly stopOnAbortSignal: true;
			readonly maxTokens: number;
			readonly temperature: number;
			readonly topP: number;
			readonly topK: number;
			readonly repeatPenalty: false;
			readonly onResponseChunk: (chunk: { readonly type: "segment" | undefined; readonly text: string }) => void;
		},
	): Promise<{ readonly metadata: { readonly stopReason: string } }>;
}
