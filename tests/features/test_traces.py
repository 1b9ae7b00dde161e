"""What traces say of a request to whoever follows them, in the words of OpenTelemetry's own exporter."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.desk import Desk
from tests.portal import phone_at


@pytest.fixture
def exported(monkeypatch):
    """What leaves the house; the provider is the process's, so only this test may see it."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    return exporter.get_finished_spans


@pytest.mark.parametrize("path", ["/api/v1/tickets", "/api/v1/properties/homes", "/api/v1/nowhere", "/nowhere"])
async def test_what_people_search_for_is_in_no_trace(desk: Desk, exported, path):
    answer = await desk.http.get(path, params={"q": "Canary Aardvark"}, headers=desk.headers)

    spans = exported()
    assert f"{spans[-1].context.trace_id:032x}" == answer.headers["X-Trace-Id"]
    assert "Aardvark" not in "".join(span.to_json() for span in spans)


async def test_the_code_of_a_poster_is_in_no_trace(desk: Desk, exported):
    phone = await phone_at(desk)

    await desk.http.get(f"/tenant/h/{phone.token}")

    assert phone.token not in "".join(span.to_json() for span in exported())
    assert exported()[-1].attributes["url.path"] == "/tenant/h/"
