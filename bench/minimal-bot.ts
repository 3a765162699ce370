/** The baseline of walk and crowd: grammY, the openai SDK, one placeholder and one edit. No journal, no order, no pace. */
import { Bot, type Context } from "grammy";
import OpenAI from "openai";

const { TELEGRAM_BOT_TOKEN = "", TELEGRAM_API_ROOT = "", LOCAL_BASE_URL = "" } = process.env;
const bot = new Bot(TELEGRAM_BOT_TOKEN, { client: { apiRoot: TELEGRAM_API_ROOT } });
const client = new OpenAI({ apiKey: "none", baseURL: LOCAL_BASE_URL, maxRetries: 0 });
const link_preview_options = { is_disabled: true };

async function answer(ctx: Context, content: string): Promise<void> {
	const sent = ctx.reply("…", { link_preview_options });
	const stream = await client.chat.completions.create({
		model: "test-model",
		messages: [{ role: "user", content }],
		stream: true,
	});
	let text = "";
	for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
	const { chat, message_id } = await sent;
	await ctx.api.editMessageText(chat.id, message_id, text, { link_preview_options });
}

/** Not awaited: the library hands out one update after another. */
bot.on("message:text", (ctx) => void answer(ctx, ctx.message.text));
process.once("SIGTERM", () => process.exit(0));
await bot.start();
