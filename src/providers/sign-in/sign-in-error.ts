/**
 * pending: nobody has agreed yet · slow-down: asked too often · denied: the person said no · expired: nobody agreed in
 * time · refused: the server takes neither this client nor these tokens · busy: it wants to be left alone for now ·
 * network: no connection, no answer in time or none that can be read · aborted: our own signal
 */
export type SignInErrorKind =
	| "pending"
	| "slow-down"
	| "denied"
	| "expired"
	| "refused"
	| "busy"
	| "network"
	| "aborted";

/** The only error of the device flow. Its message carries the server's own word for it, never a token or a code. */
export class SignInError extends Error {
	override readonly name = "SignInError";
	readonly kind: SignInErrorKind;

	constructor(kind: SignInErrorKind, message: string = kind) {
		super(message);
		this.kind = kind;
	}
}
