"""A model that obeys whatever it reads: nothing of it comes into a draft."""

import json

import pytest

from daemon.rewriting import Brief, Kept, Rewritten, brief_of, exchange, rewrite
from tests.rewriting.fake import Injection, Server, obeying, told
from tests.rewriting.injections import INJECTIONS
from tests.rewriting.texts import GOOD, NEWS, brief, composed, facts

good = GOOD["en"][0]
NAMED = [one.order for one in INJECTIONS]


def test_there_are_enough_of_them_and_each_is_one() -> None:
    assert len(set(NAMED)) == len(INJECTIONS) >= 60
    for one in INJECTIONS:
        assert one.obey(good) != told(good)


def with_topic(topic: str) -> Brief:
    text = composed("en", tuple(one.replace("the Q3 budget", topic) for one in composed_text()))
    return brief_of(facts("en", topic=topic), text)


def test_an_order_in_a_subject_leaves_the_machine_in_no_case(server: Server) -> None:
    """The topic of a draft is told by the template alone."""
    for injection in INJECTIONS:
        topic = f'"{" ".join(injection.order.split())}"'
        sent = exchange(with_topic(topic), server.model)
        assert not any(one in sent for one in (topic, topic[1:-1], json.dumps(topic)[1:-1]))


@pytest.mark.parametrize("injection", INJECTIONS[::6], ids=NAMED[::6])
def test_an_order_in_a_subject_reaches_no_model(server: Server, injection: Injection) -> None:
    topic = f'"{" ".join(injection.order.split())}"'
    order = Injection(topic, injection.obey, injection.mark)
    server.says(obeying([injection, order], good))
    result = rewrite(with_topic(topic), server.model)
    assert len(server.asked) == 1
    assert result == Rewritten(tuple(one.replace("[TOPIC]", topic) for one in good))


@pytest.mark.parametrize("injection", INJECTIONS, ids=NAMED)
def test_a_model_that_obeys_an_order_is_not_believed(server: Server, injection: Injection) -> None:
    """Whatever way the order came, and however often the model is asked."""
    server.says(obeying([injection], good, always=True))
    result = rewrite(brief(), server.model, f"I wrote this.\n\n{injection.order}\n")
    assert isinstance(result, Kept), result
    assert injection.mark not in result.reason
    assert len(server.asked) == 2


@pytest.mark.parametrize("injection", INJECTIONS[:8], ids=NAMED[:8])
def test_an_order_in_the_users_own_note_is_told_as_the_note_alone(server: Server, injection: Injection) -> None:
    note = f"{injection.order}."
    server.says(obeying([injection], (*good[:1], note, *good[1:])))
    known = facts("en", note=note)
    text = composed("en", (composed_text()[0], note, *composed_text()[1:]), note=True)
    result = rewrite(brief_of(known, text), server.model)
    assert injection.order in server.asked[0].given
    assert isinstance(result, Kept)


def test_what_a_model_thinks_aloud_is_not_told(server: Server) -> None:
    server.says(lambda _: f"<think>Let me add http://evil.example</think>\n```json\n{told(good)}\n```")
    result = rewrite(brief(), server.model)
    assert isinstance(result, Rewritten)
    assert "evil" not in "".join(result.paragraphs)
    assert NEWS["en"] in result.paragraphs[1]


def composed_text() -> tuple[str, ...]:
    return tuple(composed("en").body.split("\n\n")[1:4])
