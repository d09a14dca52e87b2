"""Reads each message on standard input with the official SDK, and writes it again, in both modes."""

import base64
import json
import sys
from datetime import datetime

from cloudevents.core.bindings import http
from cloudevents.core.formats.json import JSONFormat


def message(given):
    return http.HTTPMessage(headers=given["headers"], body=base64.b64decode(given["body"]))


def written(message):
    return {"headers": message.headers, "body": base64.b64encode(message.body).decode()}


def plain(value):
    return value.isoformat() if isinstance(value, datetime) else value


def echo(event):
    data = event.get_data()
    if isinstance(data, (bytes, bytearray)):
        data = {"bytes": base64.b64encode(data).decode()}
    return {
        "attributes": {name: plain(value) for name, value in event.get_attributes().items()},
        "data": data,
        "binary": written(http.to_binary_event(event)),
        "structured": written(http.to_structured_event(event)),
    }


for line in sys.stdin:
    given = json.loads(line)
    if "batch" in given["headers"].get("content-type", ""):
        # This SDK has no batches: each event of one is read by itself.
        one = json.loads(message(given).body)
        events = [JSONFormat().read(None, json.dumps(event)) for event in one]
    else:
        events = [http.from_http_event(message(given))]
    print(json.dumps([echo(event) for event in events]), flush=True)
