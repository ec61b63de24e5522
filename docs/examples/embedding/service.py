"""A web service that answers with the JSON report: `uvicorn service:app`."""

import json
from datetime import date
from typing import Annotated, Any

from fastapi import Body, FastAPI, Response

import cedu_rules as cr

app = FastAPI()
school = cr.load("school")


@app.post("/schools/check")
def check(facts: Annotated[dict[str, Any], Body()], on: date | None = None) -> Response:
    """Return the report on one school; impossible input answers 422, with every error."""
    report = school.evaluate(facts, assessed_on=on)
    status = 422 if report.verdict is cr.Verdict.INVALID else 200
    content = json.dumps(report.to_dict("zh"))  # in ASCII: half a character in a name cannot be written as UTF-8
    return Response(content, status_code=status, media_type="application/json")
