"""A web service that answers with the JSON report: `uvicorn service:app`."""

from datetime import date
from typing import Annotated, Any

from fastapi import Body, FastAPI
from fastapi.responses import JSONResponse

import cedu_rules as cr

app = FastAPI()
school = cr.load("school")


@app.post("/schools/check")
def check(facts: Annotated[dict[str, Any], Body()], on: date | None = None) -> JSONResponse:
    """Return the report on one school; impossible input answers 422, with every error."""
    report = school.evaluate(facts, assessed_on=on)
    status = 422 if report.verdict is cr.Verdict.INVALID else 200
    return JSONResponse(report.to_dict("zh"), status_code=status)
