import { expect, it } from "vitest";
import { qwen } from "../../../src/providers/qwen.ts";
import { apiBaseUrl } from "../../../src/providers/sign-in/api-host.ts";

const settings = {
	name: "qwen",
	baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
	region: "asia",
} as const;

it.each([
	["dashscope-intl.aliyuncs.com"],
	["https://dashscope-intl.aliyuncs.com/anything"],
	["https://dashscope.aliyuncs.com/compatible-mode/v1"],
	["https://dashscope-us.aliyuncs.com"],
	["http://work.ap-southeast-1.maas.aliyuncs.com"],
	["https://evil.example/dashscope-intl.aliyuncs.com"],
	["https://dashscope-intl.aliyuncs.com.evil.example"],
	["https://evil-maas.aliyuncs.com"],
	["https://bucket.oss-ap-southeast-1.aliyuncs.com"],
	["https://key@work.ap-southeast-1.maas.aliyuncs.com"],
	["https://work.ap-southeast-1.maas.aliyuncs.com:8443"],
	["https://coding-intl.dashscope.aliyuncs.com"],
	[":"],
	["javascript:alert(1)"],
])("stays with the configured address when the server names %s", (resourceUrl) => {
	expect(apiBaseUrl(resourceUrl, qwen, settings)).toBe(settings.baseUrl);
});

it.each(["work.ap-southeast-1.maas.aliyuncs.com", "https://work.ap-southeast-1.maas.aliyuncs.com/v1"])(
	"takes %s, which is the provider's own in the same region",
	(resourceUrl) => {
		const expected = "https://work.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1";
		expect(apiBaseUrl(resourceUrl, qwen, settings)).toBe(expected);
	},
);
