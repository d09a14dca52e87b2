// The AI SDK of Vercel: `vercel.mjs CASES COMMAND…` or `… http://…`.
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { createMCPClient } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport } from "@ai-sdk/mcp/mcp-stdio";

const [path, command, ...args] = process.argv.slice(2);
// JSON has one zero, JavaScript two: written again, they are alike.
const plain = (value) => JSON.parse(JSON.stringify(value));
const cases = plain(JSON.parse(readFileSync(path)));
const transport = command.startsWith("http")
  ? { type: "http", url: command }
  : new Experimental_StdioMCPTransport({ command, args });
const client = await createMCPClient({ transport });
const tools = await client.tools();
const names = Object.keys(tools);
const counts = { client: "@ai-sdk/mcp", tools: names.length, answers: 0, structured: 0, refusals: 0 };
const faults = [];
if (!isDeepStrictEqual([...names].sort(), Object.keys(cases).sort())) faults.push("other tools are listed");
const call = (name, given) => tools[name].execute(given, { messages: [], toolCallId: "1" });
for (const name of names) {
  for (const { arguments: given, answer } of cases[name].good) {
    const result = await call(name, given);
    if (result.isError) { faults.push(`${name} refused ${JSON.stringify(given)}`); continue; }
    counts.answers += 1;
    if (result.structuredContent === undefined) continue;
    counts.structured += 1;
    if (answer !== null && !isDeepStrictEqual(result.structuredContent, answer)) faults.push(`${name} answered ${JSON.stringify(result.structuredContent)}`);
  }
  for (const given of cases[name].bad) {
    const result = await call(name, given);
    if (result.isError) counts.refusals += 1;
    else faults.push(`${name} took ${JSON.stringify(given)}`);
  }
}
await client.close();
console.log(JSON.stringify(counts));
if (faults.length) { console.error(faults.join("\n")); process.exit(1); }
