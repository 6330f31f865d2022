"""Exoscale's OpenAPI document, as its Python package carries it: which call a request is, and what breaks the document."""
import json, re
from importlib.resources import files

from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator

DOCUMENT = json.loads((files("exoscale") / "openapi.json").read_text())
PREFIX = "/v2"


def closed(node):
    """The same schema, that takes no members which it does not name."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {name: closed(value) for name, value in node.items()}
    if isinstance(node.get("properties"), dict) and node.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result


COMPONENTS = closed(DOCUMENT["components"])
SCHEMAS = {}


def problems(schema, value):
    """What is wrong with the value, in words; empty when nothing is."""
    text = json.dumps(schema, sort_keys=True)
    if text not in SCHEMAS:
        SCHEMAS[text] = OAS30Validator({**closed(schema), "components": COMPONENTS}, format_checker=FormatChecker())
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in SCHEMAS[text].iter_errors(value)]


def pattern(path):
    return re.compile("".join(f"(?P<{part[1:-1].replace('-', '_')}>[^/:]+)" if part.startswith("{") else re.escape(part)
                              for part in re.split(r"(\{[^}]+\})", path)))


CALLS = [(verb.upper(), pattern(path), operation)
         for path, verbs in DOCUMENT["paths"].items() for verb, operation in verbs.items()]


def find(method, path):
    """The operation of the document and the path's parameters, or None."""
    for verb, shape, operation in CALLS:
        found = shape.fullmatch(path)
        if verb == method and found:
            return operation, {name.replace("_", "-"): value for name, value in found.groupdict().items()}


def broken_request(operation, parameters, query, body):
    """How a request breaks the document: its parameters, and a body where there may be none or must be one."""
    known = {(p["in"], p["name"]): p for p in operation.get("parameters", [])}
    found = []
    for place, values in (("path", parameters), ("query", query)):
        for name, value in values.items():
            if (place, name) not in known:
                found.append(f"{name}: no such parameter")
            else:
                found += [f"{name}{words}" for words in problems(known[place, name]["schema"], value)]
    declared = operation.get("requestBody")
    if body is None:
        return found + (["a body is missing"] if declared and declared.get("required") and
                        schema_of(declared).get("required") else [])
    if declared is None:
        return found + ["no body is taken"]
    return found + problems(schema_of(declared), body)


def broken_answer(operation, answer):
    return problems(schema_of(operation["responses"]["200"]), answer)


def schema_of(declared):
    return declared["content"]["application/json"]["schema"]


# A check that finds nothing wrong with nonsense would prove nothing.
assert problems({"$ref": "#/components/schemas/operation"}, {"state": "flying"})
assert problems({"$ref": "#/components/schemas/operation"}, {"id": "x", "weather": "fine"})
assert not problems({"$ref": "#/components/schemas/operation"}, {"state": "pending"})
