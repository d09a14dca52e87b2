"""What every client of Python is held against: all tools are listed, answer as they should, and refuse what breaks a rule."""

import json
import sys

import jsonschema


class Judge:
    """Counts what was right, and gathers what was not."""

    def __init__(self, client):
        self.cases = json.load(open(sys.argv[1]))
        self.counts = {"client": client, "tools": 0, "answers": 0, "structured": 0, "refusals": 0}
        self.faults = []

    def listed(self, names):
        """The names of the tools that the client found."""
        if sorted(names) != sorted(self.cases):
            self.faults.append(f"listed {sorted(set(names) ^ set(self.cases))} too many or too few")
        self.counts["tools"] = len(names)

    def answer(self, name, case, is_error, structured, schema):
        """One answer to arguments that keep every rule."""
        if is_error:
            self.faults.append(f"{name} refused {json.dumps(case['arguments'])}")
            return
        self.counts["answers"] += 1
        if schema is None:
            return
        faults = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(structured)]
        if faults:
            self.faults.append(f"{name} answered what its outputSchema refuses: {faults}")
        if case["answer"] is not None and structured != case["answer"]:
            self.faults.append(f"{name} answered {structured}, not {case['answer']}")
        self.counts["structured"] += 1

    def refusal(self, name, arguments, is_error):
        """One answer to arguments that break a rule."""
        if is_error:
            self.counts["refusals"] += 1
        else:
            self.faults.append(f"{name} took {json.dumps(arguments)}")

    def end(self):
        """Says what came of it, and fails where anything was wrong."""
        print(json.dumps(self.counts))
        if self.faults:
            sys.exit("\n".join(self.faults))
