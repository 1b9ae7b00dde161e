"""What every answer looks like."""

from tests.trial import Trial
from tests.world import World


async def test_an_answer_comes_in_the_envelope_with_its_trace(trial: Trial, world: World):
    nia = await world.staff(await world.organisation(), name="Nia Prosser")

    answer = await trial.http.get("/api/v1/trial/who", headers=await world.headers(nia))

    assert answer.status_code == 200
    assert answer.json() == {"data": "Nia Prosser", "error": None, "traceId": answer.headers["X-Trace-Id"]}
