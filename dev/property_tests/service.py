"""An mx51 at the seam of the transport: it answers what an example says, and notes
what was asked of it and what it has said."""

import dataclasses
import uuid
from collections import defaultdict

from hypothesis import strategies as st

from odoo.addons.pos_mx51_sci.sci.errors import BadAnswer, NoAnswer, error_from_answer

FINAL = ["APPROVED", "DECLINED", "CANCELLED", "UNKNOWN"]


class Killed(BaseException):
    """``kill -9`` while mx51 is awaited."""


@dataclasses.dataclass(frozen=True)
class Says:
    """A whole answer: a version of a transaction."""

    status: str
    financial_status: str | None = None
    #: Versions ahead of the last one that was said.
    ahead: int = 1
    #: About the transaction that was asked for, or about another one.
    foreign: bool = False
    #: What was charged, of what was asked for.
    share: float = 1
    #: What the terminal added to it.
    added: dict = dataclasses.field(default_factory=dict, hash=False)


@dataclasses.dataclass(frozen=True)
class Fails:
    """Anything but a whole answer; ``how`` names a method of :class:`Service`."""

    how: str

    @property
    def refuses(self):
        """Proof that nothing was done: no connection, or a 4xx as documented."""
        return self.how in (
            *("never_left", "refused", "nothing_new"),
            *("not_connected", "not_found", "unpaired"),
        )


ahead = st.sampled_from([1, 1, 1, 0, -1, 3])
foreign = st.sampled_from([False] * 6 + [True])
says = st.one_of(
    st.builds(Says, st.sampled_from(["PENDING", "AWAITING_POS"]), st.none(), ahead),
    st.builds(
        Says,
        st.just("FINALISED"),
        st.sampled_from(FINAL),
        ahead,
        foreign,
        st.sampled_from([1, 1, 1, 0.5, 1.1]),
    ),
)
fails = st.sampled_from(
    [
        Fails("silent"),
        Fails("timed_out"),
        Fails("broken"),
        Fails("garbage"),
        Fails("never_left"),
        Fails("refused"),
        Fails("incomplete"),
        Fails("nothing_new"),
        Fails("not_connected"),
        Fails("not_found"),
        Fails("unpaired"),
        Fails("killed"),
    ]
)
active, begins = st.none(), st.just(Says("PENDING"))
ANSWERS = st.fixed_dictionaries(
    {
        "info": st.one_of(*[active] * 6, fails),
        "create": st.one_of(*[begins] * 4, says, fails),
        "get": st.one_of(says, says, fails),
        "cancel": st.one_of(says, fails),
        "submit": st.one_of(says, fails),
    }
)
CALLS = ("info", "create", "get", "cancel", "submit")


class Service:
    """:ivar created: the answers to the create requests, by row
    :ivar cancels: of each cancel request whether it was refused, by transaction
    :ivar said: everything that was said, by id of the transaction
    :ivar meanwhile: what another process does while mx51 is awaited, once
    """

    def __init__(self, database):
        self._database = database
        self.answers = {}
        self.meanwhile = None
        self.calls = []
        self.created = defaultdict(list)
        self.cancels = defaultdict(list)
        self.submits = defaultdict(list)
        self.said = defaultdict(set)
        self._versions = {}
        self._amounts = {}
        self._hosts = {}

    def exchange(self, method, url, *, body=None, **_options):
        """Instead of :func:`sci.transport.exchange`."""
        assert self._database.idle(), "a connection is held while mx51 is awaited"
        host, _v1, *path = url.removeprefix("https://").split("/")
        self.calls.append((method, *path))
        if path == ["pairing-info"]:
            return self._answer("info", None)
        if path == ["transactions"]:
            return self._create(host, body)
        sci_id = path[1]
        if path[2:] == ["cancel"]:
            answer = self.answers["cancel"]
            self.cancels[sci_id].append(isinstance(answer, Fails) and answer.refuses)
            return self._answer("cancel", sci_id)
        if path[2:]:
            form = (sci_id, path[3])
            answer = self.answers["submit"]
            self.submits[form].append(isinstance(answer, Fails) and answer.refuses)
            return self._answer("submit", sci_id)
        return self._answer("get", sci_id.partition("?")[0])

    def _create(self, host, body):
        (row,) = self._database.query(
            "SELECT t.id, t.amounts FROM pos_sci_transaction t"
            " JOIN pos_sci_terminal m ON m.id = terminal_id"
            " WHERE t.status = 'sending' AND m.api_base_url = %s",
            f"https://{host}",
        )
        sci_id = str(uuid.uuid4())
        self._versions[sci_id] = 0
        self._hosts[sci_id] = host
        self._amounts[sci_id] = row["amounts"]
        (block,) = (value for value in body.values() if isinstance(value, dict))
        # A zero keeps the terminal from asking.
        assert {name: cents for name, cents in block.items() if cents} == row["amounts"]
        self.created[row["id"]].append(self.answers["create"])
        return self._answer("create", sci_id)

    def _answer(self, call, sci_id):
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        answer = self.answers[call]
        if answer is None:
            return None
        if isinstance(answer, Fails):
            return getattr(self, f"_{answer.how}")(sci_id)
        return self._say(answer, sci_id or str(uuid.uuid4()))

    def _say(self, answer, sci_id):
        about = str(uuid.uuid4()) if answer.foreign else sci_id
        version = max(self._versions.get(sci_id, 0) + answer.ahead, 1)
        self._versions[sci_id] = max(version, self._versions.get(sci_id, 0))
        self.said[about].add((version, answer.status, answer.financial_status))
        charged = answer.financial_status == "APPROVED" and {
            name: int(amount * answer.share)
            for name, amount in self._amounts.get(sci_id, {}).items()
        }
        charged = charged and charged | answer.added
        button = {
            "type": "button",
            "submit_url": f"https://{self._hosts.get(sci_id)}/v1/transactions/"
            f"{sci_id}/forms/{version}",
        }
        return {
            "data": {
                "id": about,
                "version": version,
                "status": answer.status,
                "result_financial_status": answer.financial_status,
                "result_amounts": charged or None,
                "message": f"version {version}",
                "pos_instructions": {"action_form": {"properties": {"ok": button}}},
            }
        }

    # -- failures -------------------------------------------------------------------

    def _silent(self, _id):
        raise NoAnswer("silent")

    def _timed_out(self, _id):
        raise NoAnswer("silent", timed_out=True)

    def _broken(self, _id):
        raise error_from_answer(502, {"error": {"code": "bad_gateway"}})

    def _garbage(self, _id):
        raise BadAnswer("garbage")

    def _never_left(self, _id):
        raise NoAnswer("no connection", sent=False)

    def _refused(self, _id):
        raise error_from_answer(400, {"error": {"code": "invalid_request"}})

    def _incomplete(self, sci_id):
        return {"data": {"id": sci_id, "status": "FINALISED", "version": 7}}

    def _nothing_new(self, _id):
        code = "transaction_not_found_within_timeout"
        raise error_from_answer(404, {"error": {"code": code}})

    def _not_connected(self, _id):
        raise error_from_answer(424, {"error": {"code": "device_not_connected"}})

    def _not_found(self, _id):
        raise error_from_answer(404, {"error": {"code": "transaction_not_found"}})

    def _unpaired(self, _id):
        raise error_from_answer(401, {"error": {"code": "no_active_pairings_found"}})

    def _killed(self, _id):
        raise Killed
