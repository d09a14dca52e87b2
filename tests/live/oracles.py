"""The tools of each dialect before the vendors' own SDKs: `oracles.py TOOLS`, of `live tools`."""

import copy
import json
import sys
from collections import Counter

import anthropic
import jsonschema
from agents.strict_schema import ensure_strict_json_schema
from anthropic.types import MessageParam, ToolParam
from google.genai import types as genai
from openai.lib._pydantic import _ensure_strict_json_schema
from openai.types.chat import ChatCompletionFunctionToolParam, ChatCompletionToolMessageParam
from openai.types.responses import FunctionToolParam
from openai.types.responses.response_input_item_param import FunctionCallOutput
from pydantic import TypeAdapter
from pydantic_ai.profiles.google import GoogleJsonSchemaTransformer, GoogleOpenAPISchemaTransformer
from pydantic_ai.profiles.openai import OpenAIJsonSchemaTransformer

OPENAI = {"openai", "openai-responses"}


def nodes(schema, path="#"):
    """Every schema in a schema, with where it is."""
    yield schema, path
    for keyword in ("properties", "$defs", "defs"):
        for name, inner in schema.get(keyword, {}).items():
            yield from nodes(inner, f"{path}/{keyword}/{name}")
    for keyword in ("anyOf", "prefixItems"):
        for at, inner in enumerate(schema.get(keyword, [])):
            yield from nodes(inner, f"{path}/{keyword}/{at}")
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from nodes(schema[keyword], f"{path}/{keyword}")


def same(transform):
    """Whether a transformer gives back what it gets."""

    def check(schema):
        made = transform(copy.deepcopy(schema))
        return None if made == schema else f"became {json.dumps(made)}"

    return check


def model(model):
    """Whether a type of an SDK takes the whole tool, and has no field for what it would drop."""
    adapter = TypeAdapter(model)

    def check(tool):
        kept = adapter.dump_python(adapter.validate_python(tool), mode="json", by_alias=True, exclude_unset=True)
        return None if kept == tool else f"kept {json.dumps(kept)}"

    return check


def metaschema(schema):
    """JSON Schema's own schema of schemas."""
    jsonschema.Draft202012Validator.check_schema(schema)


def pydantic_openai(schema):
    """The rules that pydantic-ai has measured at the service, limits of size too."""
    transformer = OpenAIJsonSchemaTransformer(copy.deepcopy(schema), strict=None)
    made = transformer.walk()
    if not transformer.is_strict_compatible:
        return "is not strict"
    return None if made == schema else f"became {json.dumps(made)}"


STRICT = set(
    "$defs $ref additionalProperties anyOf const description enum exclusiveMaximum exclusiveMinimum format items maxItems"
    " maximum minItems minimum multipleOf pattern properties required type".split()
)
FORMATS = set("date-time time date duration email hostname ipv4 ipv6 uuid".split())


def openai_profile(schema):
    """OpenAI's documentation of strict mode, written out: keywords, closed objects, all required, alone beside $ref."""
    if schema.get("type") != "object" or "anyOf" in schema:
        return "the root is not an object"
    for node, path in nodes(schema):
        if set(node) - STRICT:
            return f"{path} has {set(node) - STRICT}"
        if "$ref" in node and len(node) > 1:
            return f"{path} has something beside $ref"
        if node.get("type") == "object":
            if node.get("additionalProperties") is not False or "properties" not in node:
                return f"{path} is open"
            if sorted(node.get("required", [])) != sorted(node["properties"]):
                return f"{path} does not require all it has"
        if node.get("type") == "array" and not node.get("items"):
            return f"{path} says nothing of its items"
        if "format" in node and node["format"] not in FORMATS:
            return f"{path} has the format {node['format']}"
        if not {"type", "anyOf", "$ref", "enum", "const"} & set(node):
            return f"{path} has no type"


GEMINI = set(
    "$defs $ref additionalProperties anyOf description enum items maxItems maximum minItems minimum prefixItems properties"
    " required type".split()
)


def gemini_profile(schema):
    """Gemini's documentation of parametersJsonSchema, written out."""
    for node, path in nodes(schema):
        if set(node) - GEMINI:
            return f"{path} has {set(node) - GEMINI}"
        if "$ref" in node and set(node) - {"$ref", "description"}:
            return f"{path} has something beside $ref"


def genai_schema(schema):
    """The OpenAPI subset as google-genai's own type, which forbids what it does not know."""
    made = genai.Schema.model_validate(schema).model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    return None if len(json.dumps(made)) > 2 else "nothing was left of it"


SCHEMAS = {
    "JSON Schema 2020-12": (None, metaschema),
    "openai, strict fixpoint": (OPENAI, same(lambda s: _ensure_strict_json_schema(s, path=(), root=s))),
    "pydantic-ai, OpenAI": (OPENAI, pydantic_openai),
    "openai-agents, strict fixpoint": (OPENAI, same(ensure_strict_json_schema)),
    "OpenAI, strict profile": (OPENAI, openai_profile),
    "anthropic, fixpoint": ({"anthropic"}, same(anthropic.transform_schema)),
    "google-genai, Schema": ({"gemini-openapi"}, genai_schema),
    "pydantic-ai, Google OpenAPI": (
        {"gemini-openapi"},
        same(lambda s: GoogleOpenAPISchemaTransformer(s).walk()),
    ),
    "pydantic-ai, Google JSON": ({"gemini"}, same(lambda s: GoogleJsonSchemaTransformer(s).walk())),
    "Gemini, JSON profile": ({"gemini"}, gemini_profile),
}
TOOLS = {
    "openai, chat tool": ({"openai"}, model(ChatCompletionFunctionToolParam)),
    "openai, responses tool": ({"openai-responses"}, model(FunctionToolParam)),
    "anthropic, tool": ({"anthropic"}, model(ToolParam)),
    "google-genai, declaration": ({"gemini", "gemini-openapi"}, lambda t: genai.FunctionDeclaration.model_validate(t) and None),
}


ANSWERS = {
    "openai, chat answer": ({"openai"}, model(ChatCompletionToolMessageParam)),
    "openai, responses answer": ({"openai-responses"}, model(FunctionCallOutput)),
    "anthropic, answer": ({"anthropic"}, model(MessageParam)),
    "google-genai, answer": ({"gemini", "gemini-openapi"}, lambda answer: genai.Content.model_validate(answer) and None),
}


def schema_of(tool):
    """The schema of a tool's params, wherever its vendor has it."""
    inner = tool.get("function", tool)
    for key in ("parameters", "input_schema", "parametersJsonSchema", "inputSchema"):
        if key in inner:
            return inner[key]


def main():
    dialects = json.load(open(sys.argv[1]))
    passed, faults = Counter(), []

    def judge(oracle, check, what, given):
        try:
            fault = check(given)
        except Exception as error:  # An oracle that breaks off has refused.
            fault = f"{type(error).__name__}: {error}"
        if fault:
            faults.append(f"{oracle}: {what}: {fault}\n    {json.dumps(given)}")
        else:
            passed[oracle] += 1

    for dialect, told in dialects.items():
        for name, tool in told["tools"].items():
            schema = schema_of(tool)
            asked = [(oracle, check, schema) for oracle, (of, check) in SCHEMAS.items() if schema and (of is None or dialect in of)]
            if dialect == "gemini-openapi":
                # OpenAPI 3.0 is no JSON Schema: `nullable` stands there for a type.
                asked = [one for one in asked if one[0] != "JSON Schema 2020-12"]
            asked += [(oracle, check, tool) for oracle, (of, check) in TOOLS.items() if dialect in of]
            for oracle, check, given in asked:
                judge(oracle, check, f"{dialect}, {name}", given)
        for answer in told["answers"]:
            for oracle, (of, check) in ANSWERS.items():
                if dialect in of:
                    judge(oracle, check, f"{dialect}, an answer", answer)
    shapes = {name for told in dialects.values() for name in told["tools"]}
    idle = [oracle for oracle in [*SCHEMAS, *TOOLS, *ANSWERS] if not passed[oracle] and not any(f.startswith(oracle) for f in faults)]
    print(json.dumps({"shapes": len(shapes), "oracles": len(passed), "passed": sum(passed.values()), "each": passed}))
    if faults or idle:
        sys.exit("\n".join(faults + [f"{oracle} judged nothing" for oracle in idle]))


main()
