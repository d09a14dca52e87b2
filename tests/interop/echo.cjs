// Reads each message on standard input with the official SDK, and writes it again, in both modes.

const { HTTP } = require("cloudevents");
const readline = require("node:readline");

function message({ headers, body }) {
  const bytes = Buffer.from(body, "base64");
  const text = bytes.toString("utf8");
  const isText = Buffer.from(text, "utf8").equals(bytes);
  return { headers, body: isText ? text : new Uint8Array(bytes) };
}

function written({ headers, body }) {
  const bytes = body === undefined ? "" : body;
  return { headers, body: Buffer.from(bytes).toString("base64") };
}

function echo(event) {
  const { data, data_base64: encoded, ...attributes } = event.toJSON();
  const raw = encoded ?? (data instanceof Uint8Array && Buffer.from(data).toString("base64"));
  return {
    attributes,
    data: raw ? { bytes: raw } : data ?? null,
    binary: written(HTTP.binary(event)),
    structured: written(HTTP.structured(event)),
  };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const events = [HTTP.toEvent(message(JSON.parse(line)))].flat();
  console.log(JSON.stringify(events.map(echo)));
});
