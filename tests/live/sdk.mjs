// The official client of TypeScript: `sdk.mjs CASES COMMAND…` or `… http://…`.
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [path, command, ...args] = process.argv.slice(2);
// JSON has one zero, JavaScript two: written again, they are alike.
const plain = (value) => JSON.parse(JSON.stringify(value));
const cases = plain(JSON.parse(readFileSync(path)));
const client = new Client({ name: "live", version: "1.0.0" });
const transport = command.startsWith("http")
  ? new StreamableHTTPClientTransport(new URL(command))
  : new StdioClientTransport({ command, args });
await client.connect(transport);
const { tools } = await client.listTools();
const counts = { client: "@modelcontextprotocol/sdk", tools: tools.length, answers: 0, structured: 0, refusals: 0 };
const faults = [];
if (!isDeepStrictEqual(tools.map((tool) => tool.name).sort(), Object.keys(cases).sort())) faults.push("other tools are listed");
for (const tool of tools) {
  for (const { arguments: given, answer } of cases[tool.name].good) {
    // The client itself holds what comes against the output schema.
    const result = await client.callTool({ name: tool.name, arguments: given });
    if (result.isError) { faults.push(`${tool.name} refused ${JSON.stringify(given)}`); continue; }
    counts.answers += 1;
    if (!tool.outputSchema) continue;
    counts.structured += 1;
    if (answer !== null && !isDeepStrictEqual(result.structuredContent, answer)) faults.push(`${tool.name} answered ${JSON.stringify(result.structuredContent)}`);
  }
  for (const given of cases[tool.name].bad) {
    const result = await client.callTool({ name: tool.name, arguments: given });
    if (result.isError) counts.refusals += 1;
    else faults.push(`${tool.name} took ${JSON.stringify(given)}`);
  }
}
await client.close();
console.log(JSON.stringify(counts));
if (faults.length) { console.error(faults.join("\n")); process.exit(1); }
